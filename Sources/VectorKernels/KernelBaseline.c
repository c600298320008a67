// The kernel for what every machine of the architecture has.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "Levels.h"

#define INLINE static inline __attribute__((always_inline))

#include "Template/Vector128.h"
#include "Template/Kernel.h"

const struct recurrent_code recurrent_code_baseline = {
  WIDTH, walk_all, walk_all_back, multiply_matrices, apply_all,
};
