// Bytes that nobody can guess, from the kernel.
#pragma once

#include <cstdint>
#include <span>

namespace accesslog {

// Waits where the kernel has none yet, early at boot.
void FillRandom(std::span<uint8_t> bytes);

}  // namespace accesslog
