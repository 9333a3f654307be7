#include "support/property.hpp"
