// The kernel for AVX2 with fused multiply-adds.

#if defined(__x86_64__)

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "Levels.h"

#define INLINE static inline __attribute__((always_inline))

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "Template/Vector256.h"
#include "Template/Kernel.h"
#pragma clang attribute pop

const struct recurrent_code recurrent_code_avx2 = {
  WIDTH, walk_all, walk_all_back, multiply_matrices, apply_all,
};

#endif
