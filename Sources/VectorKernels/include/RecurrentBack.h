/// The way back through the recurrent kernel: backpropagation through time.

#ifndef RECURRENT_BACK_H
#define RECURRENT_BACK_H

#include <stdbool.h>
#include <stddef.h>

#include "RecurrentLevel.h"
#include "RecurrentWeights.h"

/// Weights in the order in which the way back reads them.
typedef struct PackedRecurrentBack PackedRecurrentBack;

/// The way back over some positions, from the last to the first.
///
/// The tape has what the way forward recorded, blocks of U numbers a sample and position, and takes
/// the gradients of the gates' sums in their place:
/// i, f, g, o, c, h of an LSTM become ∂i, ∂f, ∂g, ∂o, c, h;
/// z, r, g, h, s of a GRU with `reset_after` become ∂z, ∂r, ∂g, h, ∂s, for s = h₋₁·U + b;
/// z, r, g, h, – of a GRU without become ∂z, ∂r, ∂g, h, r·h₋₁;
/// h, – of a simple cell become h, ∂h.
typedef struct {
  /// B, at least 1.
  size_t batch;
  /// How many positions are walked.
  size_t steps;
  /// The tape of the first sample at the first of the positions.
  float *tape;
  ptrdiff_t tapeSampleStride;
  ptrdiff_t tapeStepStride;
  /// The states before the first position; the second one of an LSTM, else `NULL`.
  const float *hiddenBefore;
  const float *cellBefore;
  ptrdiff_t beforeSampleStride;
  /// As in `RecurrentWalk`.
  const float *mask;
  ptrdiff_t maskSampleStride;
  ptrdiff_t maskStepStride;
  /// The gradients of the outputs that show the state; `NULL`: zeros.
  const float *outputGradient;
  ptrdiff_t outputSampleStride;
  ptrdiff_t outputStepStride;
  /// (B, U): the gradients of the states after the positions; in their place, those before them.
  float *hidden;
  /// (B, U): the same of an LSTM's cell state; else `NULL`.
  float *cell;
  /// Where the gradients of the inputs go; `NULL`: nowhere.
  float *inputGradient;
  ptrdiff_t inputSampleStride;
  ptrdiff_t inputStepStride;
  /// Where the squares of |∂h| go, a number a sample; `NULL`: nowhere.
  float *squares;
  ptrdiff_t squaresStepStride;
} RecurrentWalkBack;

/// Packs weights for the way back, with those of the input only where `withInput`; `NULL` where
/// memory is short or the machine cannot run the level.
PackedRecurrentBack *recurrent_pack_back(const RecurrentWeights *weights, bool withInput);

/// Frees packed weights.
void recurrent_free_back(PackedRecurrentBack *weights);

/// Walks back; may be called on several threads at once with the same weights.
///
/// A way back in two parts gives the bits of one. Returns 0, or −1 where memory is short (nothing
/// was written then).
int recurrent_walk_back(const PackedRecurrentBack *weights, const RecurrentWalkBack *walk);

#endif
