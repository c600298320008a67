/// The instruction sets: what each compiled copy of the kernel offers.

#ifndef LEVELS_H
#define LEVELS_H

#include "Packing.h"

/// One compiled copy of the kernel.
struct recurrent_code {
  /// How many numbers a vector holds.
  size_t width;
  /// See `recurrent_walk`.
  int (*walk)(const PackedRecurrentWeights *, const RecurrentWalk *);
  /// See `recurrent_walk_back`.
  int (*walk_back)(const PackedRecurrentBack *, const RecurrentWalkBack *);
  /// See `matrix_multiply`.
  void (*multiply)(const MatrixProduct *);
  /// See `recurrent_apply`.
  void (*apply)(RecurrentFunction, float *, size_t);
};

extern const struct recurrent_code recurrent_code_baseline;
#if defined(__x86_64__)
extern const struct recurrent_code recurrent_code_avx2;
extern const struct recurrent_code recurrent_code_avx512;
#endif

size_t recurrent_level_width(RecurrentLevel level);

#endif
