#include "report/curl_library.h"

#include <dlfcn.h>

#include <string>

namespace accesslog {

Result<std::unique_ptr<CurlLibrary>> CurlLibrary::Load() {
  // The interface of this number has been kept since 2006. It stays, for OpenSSL does in any case.
  void* handle = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    // One thread sends.
    const char* why = ::dlerror();  // NOLINT(concurrency-mt-unsafe)
    return Error{"reports are sent with libcurl, which is not there (package libcurl4): " +
                 std::string(why == nullptr ? "" : why)};
  }
  std::unique_ptr<CurlLibrary> library(new CurlLibrary(handle));
  if (!library->FindAll()) return Error{"this libcurl is too old to send reports with"};
  return library;
}

CurlLibrary::~CurlLibrary() { ::dlclose(handle_); }

template <typename Function>
bool CurlLibrary::Find(const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(handle_, name));
  return function != nullptr;
}

bool CurlLibrary::FindAll() {
  return Find("curl_easy_init", init) && Find("curl_easy_setopt", setopt) &&
         Find("curl_easy_perform", perform) && Find("curl_easy_getinfo", getinfo) &&
         Find("curl_easy_cleanup", cleanup) && Find("curl_easy_strerror", strerror) &&
         Find("curl_slist_append", append) && Find("curl_slist_free_all", free_all);
}

}  // namespace accesslog
