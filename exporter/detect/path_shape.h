// What a path is like: whether it is a static file, and its shape, in which the numbers and identifiers
// of applications are left out. A scanner asks for many shapes; a broken gallery asks for one.
#pragma once

#include <cstdint>
#include <string_view>

namespace accesslog {

// Files that pages bring along, and what browsers, crawlers and mail programs ask every site for:
// styles, scripts, pictures, fonts; favicon.ico, robots.txt, /.well-known/…; also thumbnails and avatars,
// which applications answer with 404 where there is none.
bool IsStaticPath(std::string_view path);

// The same for paths that differ in numbers, hashes, UUIDs, mail addresses and other made-up names.
// Letters count alike in both cases. Keyed.
uint32_t ShapeOf(std::string_view path, uint64_t secret);

}  // namespace accesslog
