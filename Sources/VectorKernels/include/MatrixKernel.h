/// Products of matrices of 32-bit floats, row-major.

#ifndef MATRIX_KERNEL_H
#define MATRIX_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "RecurrentLevel.h"

/// out = a · b, or out += a · b.
///
/// Every sum is taken in the order of `inner`, whatever the sizes: a row of the result does not
/// depend on how many others there are, nor a part of it on what is computed beside it.
typedef struct {
  /// Of the result.
  size_t rows, columns;
  /// How many products a sum has.
  size_t inner;
  /// (rows, inner), or (inner, rows) where `transposesA`.
  const float *a;
  /// From a row of `a` to the next one, in numbers.
  ptrdiff_t aStride;
  bool transposesA;
  /// Where `transposesA`: after so many rows of `a` comes a row that is `aGroupStride` behind the
  /// first one of the group; 0: there is one group.
  size_t aGroup;
  ptrdiff_t aGroupStride;
  /// (inner, columns), or (columns, inner) where `transposesB`.
  const float *b;
  ptrdiff_t bStride;
  bool transposesB;
  /// (rows, columns).
  float *out;
  ptrdiff_t outStride;
  /// Whether the products are added to what stands there.
  bool adds;
  /// The sums of the columns of `b` are added here: (columns); `NULL`: nowhere. Not where
  /// `transposesB`.
  float *columnSums;
} MatrixProduct;

/// Multiplies; the machine must be able to run the level.
void matrix_multiply(RecurrentLevel level, const MatrixProduct *product);

#endif
