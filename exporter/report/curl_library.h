// libcurl, loaded when there is something to send: with the thirty libraries behind it, it takes 6
// MiB of memory, which an exporter that sends a report a week, or none, need not have all the time.
#pragma once

// Its checks of types are macros around the functions that are linked.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include <memory>

#include "base/result.h"

namespace accesslog {

class CurlLibrary {
 public:
  // The error says what is missing.
  static Result<std::unique_ptr<CurlLibrary>> Load();
  ~CurlLibrary();
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;

  // As in libcurl, without the prefix.
  decltype(&::curl_easy_init) init = nullptr;
  decltype(&::curl_easy_setopt) setopt = nullptr;
  decltype(&::curl_easy_perform) perform = nullptr;
  decltype(&::curl_easy_getinfo) getinfo = nullptr;
  decltype(&::curl_easy_cleanup) cleanup = nullptr;
  decltype(&::curl_easy_strerror) strerror = nullptr;
  decltype(&::curl_slist_append) append = nullptr;
  decltype(&::curl_slist_free_all) free_all = nullptr;

 private:
  explicit CurlLibrary(void* handle) : handle_(handle) {}

  template <typename Function>
  bool Find(const char* name, Function& function);
  bool FindAll();

  void* handle_;
};

}  // namespace accesslog
