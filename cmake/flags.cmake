# The one place where compiler flags live. Every target of ours links `accesslog_flags`.
add_library(accesslog_flags INTERFACE)
target_compile_features(accesslog_flags INTERFACE cxx_std_20)
target_compile_options(accesslog_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wimplicit-fallthrough
  -Wnull-dereference -Wcast-qual -Wunused
  -fstack-protector-strong
  $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2 -Wno-null-dereference>
  # GCC 12 warns of its own std::string (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
set(CMAKE_CXX_EXTENSIONS OFF)

if(ACCESSLOG_WERROR)
  target_compile_options(accesslog_flags INTERFACE -Werror)
endif()

if(ACCESSLOG_SANITIZE)
  target_compile_options(accesslog_flags INTERFACE
    -fsanitize=${ACCESSLOG_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(accesslog_flags INTERFACE -fsanitize=${ACCESSLOG_SANITIZE})
endif()

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
find_program(ACCESSLOG_CCACHE ccache)
if(ACCESSLOG_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ACCESSLOG_CCACHE})
endif()
