/// The recurrent kernel: walks LSTM, GRU and SimpleRNN over timesteps.
///
/// B samples (batch), T timesteps, F features, U units; all numbers are 32-bit floats, row-major.
/// The code is compiled for several instruction sets; `recurrent_best_level` says which one this
/// machine takes. A sample's numbers depend on the level alone: neither the size of the batch nor
/// the way it is split over threads changes a bit, for every sum is taken in one order
/// (bias, features ascending, units ascending).

#ifndef VECTOR_KERNELS_H
#define VECTOR_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

#include "SquareRoot.h"

#include "Denormals.h"
#include "MatrixKernel.h"
#include "Memory.h"
#include "RecurrentBack.h"
#include "RecurrentLevel.h"
#include "RecurrentWeights.h"

/// What a masked timestep gives; the states are carried over in any case.
typedef CLOSED_ENUM(RecurrentMaskedOutput){
  /// The hidden state carried over.
  RecurrentMaskedOutputHeld,
  /// Zeros.
  RecurrentMaskedOutputZero,
  /// The output of the last timestep that counted; zeros before the first one.
  RecurrentMaskedOutputLast,
} RecurrentMaskedOutput;

/// Weights in the order in which the kernel reads them.
typedef struct PackedRecurrentWeights PackedRecurrentWeights;

/// A walk over some timesteps, in reading order: position p of the walk is p steps after `input`.
typedef struct {
  /// B, at least 1.
  size_t batch;
  /// How many timesteps are walked.
  size_t steps;
  /// The features of the first sample at the first position.
  const float *input;
  /// From a sample to the next one, in numbers.
  ptrdiff_t inputSampleStride;
  /// From a position to the next one; negative where the last timestep is read first.
  ptrdiff_t inputStepStride;
  /// Which positions count: not 0 where one does. Addressed like `input`. `NULL`: all.
  const float *mask;
  ptrdiff_t maskSampleStride;
  ptrdiff_t maskStepStride;
  /// What masked positions give.
  RecurrentMaskedOutput maskedOutput;
  /// (B, U): the states before the walk; in their place, those after it.
  float *hidden;
  /// (B, U): the cell states of an LSTM; else `NULL`.
  float *cell;
  /// (B): whether a position counted so far, for `RecurrentMaskedOutputLast`; may be `NULL`.
  unsigned char *counted;
  /// Where the output of the first sample at the first position goes; `NULL`: nowhere.
  float *output;
  ptrdiff_t outputSampleStride;
  ptrdiff_t outputStepStride;
  /// Where what was computed goes, (steps, B, quantities, U) but for the strides; `NULL`: nowhere.
  /// Quantities: i, f, g, o, c, h of an LSTM; z, r, g, h of a GRU; h of a simple one.
  float *record;
  ptrdiff_t recordSampleStride;
  ptrdiff_t recordStepStride;
  /// Whether h₋₁·U + b of a candidate is recorded behind the others:
  /// of a cell `RecurrentCellGRUResetAfter`, for the way back.
  bool recordsCandidateSums;
} RecurrentWalk;

/// Packs weights; `NULL` where memory is short or the machine cannot run the level.
PackedRecurrentWeights *recurrent_pack(const RecurrentWeights *weights);

/// Frees packed weights.
void recurrent_free(PackedRecurrentWeights *weights);

/// How many bytes packed weights take.
size_t recurrent_packed_bytes(const PackedRecurrentWeights *weights);

/// Walks; may be called on several threads at once with the same weights.
///
/// Recording changes no bit of the outputs, and a walk in two parts gives the bits of one walk.
/// Returns 0, or −1 where memory is short (nothing was written then).
int recurrent_walk(const PackedRecurrentWeights *weights, const RecurrentWalk *walk);

/// Applies a function to `count` numbers, in place: for tests of its accuracy.
void recurrent_apply(
  RecurrentLevel level, RecurrentFunction function, float *numbers, size_t count);

#endif
