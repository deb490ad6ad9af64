// Takes the format string out of the text that stands in a server's configuration.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace accesslog {

// `text` without blanks and line ends around it.
std::string_view TrimBlanks(std::string_view text);

// The same, also without whole lines of comment in front.
std::string_view TrimComments(std::string_view text);

// The words of one directive, up to its ';': separated by blanks; a word in single or double quotes
// may hold them. Within quotes a backslash takes the next character as it is, and \t, \n, \r mean
// what they mean everywhere. Comments and backslashes at the end of a line are left out.
std::vector<std::string> ConfigWords(std::string_view text);

// A format string copied from between the quotes of a configuration: its escapes undone as above.
std::string WithoutEscapes(std::string_view text);

}  // namespace accesslog
