// ldns, and nothing else: its header defines bool and true as macros unless stdbool.h came first.
#pragma once

#include <stdbool.h>
// stdbool.h must stand above.
#include <ldns/ldns.h>
