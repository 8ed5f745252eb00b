// One text for both sides of the boundary: what Swift imports here is what every emitted header contains.
#include "../../../templates/c/abi.h"
