// Prints a zone file for example.com with as many records as the argument says.

#include <cstdio>
#include <cstdlib>

#include "bench/zone_text.hpp"

int main(int argc, char** argv) {
  const unsigned long records = argc == 2 ? std::strtoul(argv[1], nullptr, 10) : 0;
  if (records < 20) {
    std::fputs("usage: bench_make_zone RECORDS (20 or more)\n", stderr);
    return 64;
  }
  const std::string text = mxsmith::bench::zone_text(records);
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}
