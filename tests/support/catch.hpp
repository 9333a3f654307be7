// Catch2, whichever of 2.13 and 3 is installed. Tests include this and nothing of Catch2 directly.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
