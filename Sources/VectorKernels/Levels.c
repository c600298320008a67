#include "Levels.h"

static const struct recurrent_code *code_of(RecurrentLevel level) {
#if defined(__x86_64__)
  switch (level) {
    case RecurrentLevelAVX512: return &recurrent_code_avx512;
    case RecurrentLevelAVX2: return &recurrent_code_avx2;
    case RecurrentLevelBaseline: break;
  }
#endif
  (void)level;
  return &recurrent_code_baseline;
}

RecurrentLevel recurrent_best_level(void) {
#if defined(__x86_64__)
  // The compiler's check looks at the operating system, too: whether it saves the registers.
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
      && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
      && __builtin_cpu_supports("fma")) {
    return RecurrentLevelAVX512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return RecurrentLevelAVX2;
#endif
  return RecurrentLevelBaseline;
}

size_t recurrent_level_width(RecurrentLevel level) { return code_of(level)->width; }

int recurrent_walk(const PackedRecurrentWeights *weights, const RecurrentWalk *walk) {
  return code_of(weights->level)->walk(weights, walk);
}

int recurrent_walk_back(const PackedRecurrentBack *weights, const RecurrentWalkBack *walk) {
  return code_of(weights->level)->walk_back(weights, walk);
}

void matrix_multiply(RecurrentLevel level, const MatrixProduct *product) {
  code_of(level)->multiply(product);
}

void recurrent_apply(
  RecurrentLevel level, RecurrentFunction function, float *numbers, size_t count
) {
  code_of(level)->apply(function, numbers, count);
}
