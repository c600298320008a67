/// What the weights of a recurrent layer are, and the formulas that they stand in.

#ifndef RECURRENT_WEIGHTS_H
#define RECURRENT_WEIGHTS_H

#include <stddef.h>

#include "RecurrentLevel.h"

/// The formulas of a timestep.
typedef CLOSED_ENUM(RecurrentCell){
  /// i, f, o = σ(…), g = tanh(…), c = f·c₋₁ + i·g, h = o·tanh(c). Gate order i, f, g, o.
  RecurrentCellLSTM,
  /// z, r = σ(…), g = tanh(x·W + r·(h₋₁·U + b)), h = z·h₋₁ + (1 − z)·g. Gate order z, r, g.
  RecurrentCellGRUResetAfter,
  /// The same with g = tanh(x·W + (r·h₋₁)·U + b).
  RecurrentCellGRUResetBefore,
  /// h = tanh(x·W + h₋₁·U + b).
  RecurrentCellSimple,
} RecurrentCell;

/// A function that the kernel applies itself.
typedef CLOSED_ENUM(RecurrentFunction){
  RecurrentFunctionTanh,
  RecurrentFunctionSigmoid,
  RecurrentFunctionReLU,
  RecurrentFunctionLinear,
  /// (x + 3) / 6, within 0 and 1.
  RecurrentFunctionHardSigmoid,
} RecurrentFunction;

/// What packed weights are made from.
typedef struct {
  RecurrentCell cell;
  RecurrentLevel level;
  /// Applied to the candidate, and to the cell state of an LSTM.
  RecurrentFunction activation;
  /// Applied to the gates.
  RecurrentFunction gateActivation;
  /// F, at least 1.
  size_t features;
  /// U, at least 1.
  size_t units;
  /// (F, gates × U).
  const float *kernel;
  /// (U, gates × U).
  const float *recurrentKernel;
  /// (gates × U); (2, gates × U) for `RecurrentCellGRUResetAfter`: of the input, of the state.
  /// `NULL`: zeros.
  const float *bias;
} RecurrentWeights;

#endif
