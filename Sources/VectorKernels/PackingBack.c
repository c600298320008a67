#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "Levels.h"

/// Packs a transposed kernel: `rows` rows of `columns` numbers become panels of `columns` rows.
static void pack_transposed(
  const float *from, size_t rows, size_t columns, size_t width, float *to
) {
  const size_t padded = (rows + width - 1) / width * width;
  for (size_t first = 0; first < padded; first += block_vectors * width) {
    size_t left = padded - first, most = block_vectors * width;
    size_t lanes = left < most ? left : most;
    for (size_t lane = 0; lane < lanes; lane++) {
      const float *row = from + (first + lane) * columns;
      int is_empty = first + lane >= rows;
      for (size_t column = 0; column < columns; column++) {
        to[column * lanes + lane] = is_empty ? 0 : row[column];
      }
    }
    to += columns * lanes;
  }
}

static size_t padded(size_t count, size_t width) { return (count + width - 1) / width * width; }

PackedRecurrentBack *recurrent_pack_back(const RecurrentWeights *weights, bool withInput) {
  if (weights->level > recurrent_best_level()) return NULL;
  PackedRecurrentBack *packed = calloc(1, sizeof *packed);
  if (!packed) return NULL;
  size_t width = recurrent_level_width(weights->level);
  packed->cell = weights->cell;
  packed->level = weights->level;
  packed->activation = weights->activation;
  packed->gate_activation = weights->gateActivation;
  packed->usual = weights->activation == RecurrentFunctionTanh
    && weights->gateActivation == RecurrentFunctionSigmoid;
  packed->features = weights->features;
  packed->units = weights->units;
  packed->width = width;
  packed->padded_units = padded(weights->units, width);
  packed->padded_features = padded(weights->features, width);
  packed->depth = recurrent_gate_count(weights->cell) * weights->units;
  size_t state = packed->depth * packed->padded_units;
  size_t input = withInput ? packed->depth * packed->padded_features : 0;
  size_t zeros = block_vectors * width;
  if (state + input + zeros > SIZE_MAX / sizeof(float) - 4096) {
    free(packed);
    return NULL;
  }
  packed->numbers = recurrent_allocate((state + input + zeros) * sizeof(float));
  if (!packed->numbers) {
    free(packed);
    return NULL;
  }
  float *to = packed->numbers;
  memset(to, 0, zeros * sizeof(float));
  packed->zeros = to;
  to += zeros;
  pack_transposed(weights->recurrentKernel, weights->units, packed->depth, width, to);
  packed->recurrent = to;
  to += state;
  if (withInput) {
    pack_transposed(weights->kernel, weights->features, packed->depth, width, to);
    packed->input = to;
  }
  return packed;
}

void recurrent_free_back(PackedRecurrentBack *packed) {
  if (!packed) return;
  free(packed->numbers);
  free(packed);
}
