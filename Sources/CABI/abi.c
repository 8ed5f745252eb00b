#include "cganc_abi_shim.h"
