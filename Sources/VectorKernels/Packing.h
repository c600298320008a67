/// Weights in the order in which the kernel reads them, and how they come there.
///
/// W numbers stand in a vector register. The columns of the kernels are taken in panels: a few
/// vectors side by side, so that one pass over the rows of a panel reads memory in order and
/// leaves the sums of all gates of the same units in registers.

#ifndef PACKING_H
#define PACKING_H

#include "include/VectorKernels.h"

/// The vectors of a whole block of W units: [i f g o], [x·W of g, z, r, h·U of g], or 4 blocks.
enum { block_vectors = 4 };

/// The most numbers that a vector holds.
enum { most_width = 16 };

struct PackedRecurrentWeights {
  RecurrentCell cell;
  RecurrentLevel level;
  RecurrentFunction activation;
  RecurrentFunction gate_activation;
  /// Whether the functions are the usual ones, tanh and sigmoid, with code of their own.
  int usual;
  size_t features, units;
  /// W: how many numbers a vector of the level holds.
  size_t width;
  /// U, rounded up to whole vectors.
  size_t padded_units;
  /// How many panels of whole blocks there are.
  size_t blocks;
  /// How many vectors the panel behind them has: of the units that fill no block.
  ///
  /// In LSTM and GRU it has quads: W / 4 units of the four gates share a vector, so that two
  /// units left over cost one vector and not four.
  size_t tail_vectors;
  /// The input's part of the panels, or the whole panels where both parts have as many vectors.
  const float *input;
  /// From a block to the next one in `input`, in numbers.
  size_t input_stride;
  /// The state's part of the panels.
  const float *recurrent;
  size_t recurrent_stride;
  /// The panel behind the blocks: input rows, then state rows.
  const float *tail;
  /// What the sums start with: biases, block by block, then of the tail.
  const float *start;
  /// What the candidate's sums of the state's part start with in a GRU's tail: (tail vectors, W).
  const float *tail_state_start;
  /// The second product of `RecurrentCellGRUResetBefore`, of the candidate; like a simple cell's.
  struct PackedRecurrentWeights *candidate;
  /// All numbers.
  float *numbers;
  size_t bytes;
};

/// Weights for the way back: columns of the transposed kernels, in panels of up to 4 vectors.
struct PackedRecurrentBack {
  RecurrentCell cell;
  RecurrentLevel level;
  RecurrentFunction activation;
  RecurrentFunction gate_activation;
  /// Whether the functions are tanh and sigmoid.
  int usual;
  size_t features, units;
  size_t width;
  size_t padded_units, padded_features;
  /// gates × U: how many rows a panel has.
  size_t depth;
  /// The panels of the recurrent kernel; a vector is a row of W units, those beyond U are zeros.
  const float *recurrent;
  /// The panels of the kernel, or `NULL`.
  const float *input;
  /// Zeros that sums start with: 4 · W.
  const float *zeros;
  float *numbers;
};

/// How many blocks of U columns the kernels of a cell have.
size_t recurrent_gate_count(RecurrentCell cell);

/// Memory for packed weights, a line of the cache at least aligned; `NULL` where it is short.
float *recurrent_allocate(size_t bytes);

#endif
