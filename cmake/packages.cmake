# Third-party packages, all from Debian. ARCHITECTURE.md says why each is there; which module may
# use which is held by tests/architecture.
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
# Debian's package carries no version that find_package could compare.
find_package(prometheus-cpp CONFIG REQUIRED COMPONENTS core)
find_package(civetweb CONFIG REQUIRED)

# libcurl is loaded when it is needed; see exporter/report/curl_library.h.
find_package(CURL REQUIRED)
add_library(accesslog_curl_headers INTERFACE)
target_include_directories(accesslog_curl_headers SYSTEM INTERFACE ${CURL_INCLUDE_DIRS})

# toml++ is header-only; Debian ships a CMake file for it only from release 13 on.
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)
add_library(accesslog_tomlplusplus INTERFACE)
target_include_directories(accesslog_tomlplusplus SYSTEM INTERFACE ${TOMLPLUSPLUS_INCLUDE_DIR})
target_compile_definitions(accesslog_tomlplusplus INTERFACE TOML_EXCEPTIONS=0)

# Debian's static library needs no more than its header.
find_package(simdjson CONFIG REQUIRED)
add_library(accesslog_simdjson INTERFACE)
target_link_libraries(accesslog_simdjson INTERFACE simdjson::simdjson)

# Debian 12's package has no CMake file.
find_package(PkgConfig REQUIRED)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET GLOBAL re2)
