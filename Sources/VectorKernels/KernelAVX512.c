// The kernel for AVX-512.

#if defined(__x86_64__)

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "Levels.h"

#define INLINE static inline __attribute__((always_inline))

#include <immintrin.h>

#define TARGET "avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#include "Template/Vector512.h"
#include "Template/Kernel.h"
#pragma clang attribute pop

const struct recurrent_code recurrent_code_avx512 = {
  WIDTH, walk_all, walk_all_back, multiply_matrices, apply_all,
};

#endif
