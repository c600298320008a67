// The way back over the timesteps.

/// A way back under way: its buffers, and where the numbers of a step stand.
struct back {
  const PackedRecurrentBack *weights;
  const RecurrentWalkBack *walk;
  size_t batch;
  /// The gradients of the states: (batch, padded units).
  float *hidden, *cell;
  /// What goes on to the state before by another way than its product: (batch, padded units).
  float *carry;
  /// What came through the candidate's product: of a GRU with the reset gate before it.
  float *gated;
  /// The gradients of a step's inputs: (batch, padded features).
  float *inputs;
  /// Of this step.
  float *tape;
  const float *hidden_before, *cell_before;
  ptrdiff_t before_stride;
  const float *mask;
};

INLINE int counts_back(const struct back *s, size_t row) {
  return !s->mask || s->mask[(ptrdiff_t)row * s->walk->maskSampleStride] != 0;
}

/// How many of the next W units there are.
INLINE size_t units_back(const struct back *s, size_t unit) {
  return least(WIDTH, s->weights->units - unit);
}

/// The derivative of a function where its value is `y`.
INLINE vector derivative(RecurrentFunction function, vector y) {
  switch (function) {
    case RecurrentFunctionTanh: return multiply_subtract(y, y, splat(1));
    case RecurrentFunctionSigmoid: return multiply_subtract(y, y, y);
    case RecurrentFunctionReLU: return is_positive(y);
    case RecurrentFunctionLinear: return splat(1);
    case RecurrentFunctionHardSigmoid:
      return is_positive(y) * is_positive(splat(1) - y) / splat(6);
  }
  return y;
}

/// The functions of a layer, known to the compiler where they are the usual ones.
#define ACTIVATION (usual ? RecurrentFunctionTanh : s->weights->activation)
#define GATE_ACTIVATION (usual ? RecurrentFunctionSigmoid : s->weights->gate_activation)

/// A sample's W units at a step.
struct units_at {
  /// Their numbers in block 0 of the tape.
  float *tape;
  /// Where they stand in rows of padded units.
  size_t place;
  /// Where the states before stand.
  ptrdiff_t before;
  size_t count;
};

/// Hands the gradient of a masked step's state on: its gates matter to nobody.
INLINE void skip_units(
  const struct back *s, struct units_at at, const int first, const int blocks
) {
  for (int block = first; block < first + blocks; block++) {
    keep(at.tape + (size_t)block * s->weights->units, splat(0), at.count);
  }
  store(s->carry + at.place, load(s->hidden + at.place));
}

INLINE void lstm_units_back(const struct back *s, struct units_at at, int usual) {
  const size_t units = s->weights->units;
  vector i = take_part(at.tape, at.count), f = take_part(at.tape + units, at.count);
  vector g = take_part(at.tape + 2 * units, at.count);
  vector o = take_part(at.tape + 3 * units, at.count);
  vector c = take_part(at.tape + 4 * units, at.count);
  vector before = take_part(s->cell_before + at.before, at.count);
  vector hidden = load(s->hidden + at.place);
  vector shown = usual ? tanh_of(c) : applied(s->weights->activation, c);
  vector cell = load(s->cell + at.place);
  cell = multiply_add(hidden * o, derivative(ACTIVATION, shown), cell);
  store(s->cell + at.place, cell * f);
  store(s->carry + at.place, splat(0));
  keep(at.tape, cell * g * derivative(GATE_ACTIVATION, i), at.count);
  keep(at.tape + units, cell * before * derivative(GATE_ACTIVATION, f), at.count);
  keep(at.tape + 2 * units, cell * i * derivative(ACTIVATION, g), at.count);
  keep(at.tape + 3 * units, hidden * shown * derivative(GATE_ACTIVATION, o), at.count);
}

INLINE void gru_units_back(const struct back *s, struct units_at at, int usual) {
  const size_t units = s->weights->units;
  vector z = take_part(at.tape, at.count), r = take_part(at.tape + units, at.count);
  vector g = take_part(at.tape + 2 * units, at.count);
  vector of_state = take_part(at.tape + 4 * units, at.count);
  vector before = take_part(s->hidden_before + at.before, at.count);
  vector hidden = load(s->hidden + at.place);
  vector candidate = hidden * (splat(1) - z) * derivative(ACTIVATION, g);
  store(s->carry + at.place, hidden * z);
  keep(at.tape, hidden * (before - g) * derivative(GATE_ACTIVATION, z), at.count);
  keep(at.tape + units, candidate * of_state * derivative(GATE_ACTIVATION, r), at.count);
  keep(at.tape + 2 * units, candidate, at.count);
  keep(at.tape + 4 * units, candidate * r, at.count);
}

/// z and the candidate of a GRU with the reset gate before the product.
INLINE void gru_before_units_back(const struct back *s, struct units_at at) {
  const int usual = 0;
  const size_t units = s->weights->units;
  vector z = take_part(at.tape, at.count), g = take_part(at.tape + 2 * units, at.count);
  vector before = take_part(s->hidden_before + at.before, at.count);
  vector hidden = load(s->hidden + at.place);
  store(s->carry + at.place, hidden * z);
  keep(at.tape, hidden * (before - g) * derivative(GATE_ACTIVATION, z), at.count);
  keep(
    at.tape + 2 * units, hidden * (splat(1) - z) * derivative(ACTIVATION, g), at.count);
}

/// r of a GRU with the reset gate before the product, from the gradient of r·h₋₁.
INLINE void reset_units_back(const struct back *s, struct units_at at) {
  const int usual = 0;
  const size_t units = s->weights->units;
  vector r = take_part(at.tape + units, at.count);
  vector before = take_part(s->hidden_before + at.before, at.count);
  vector gated = load(s->gated + at.place);
  store(s->carry + at.place, multiply_add(gated, r, load(s->carry + at.place)));
  keep(at.tape + units, gated * before * derivative(GATE_ACTIVATION, r), at.count);
  keep(at.tape + 4 * units, r * before, at.count);
}

INLINE void simple_units_back(const struct back *s, struct units_at at) {
  const int usual = 0;
  vector h = take_part(at.tape, at.count);
  vector sum = load(s->hidden + at.place) * derivative(ACTIVATION, h);
  store(s->carry + at.place, splat(0));
  keep(at.tape + s->weights->units, sum, at.count);
}

/// Calls `body` for the units of all samples as `at`, those of masked ones as `skip` says.
#define FOR_UNITS(skip, body) \
  for (size_t unit = 0; unit < s->weights->units; unit += WIDTH) { \
    for (size_t row = 0; row < s->batch; row++) { \
      struct units_at at = { \
        .tape = s->tape + (ptrdiff_t)row * s->walk->tapeSampleStride + unit, \
        .place = row * s->weights->padded_units + unit, \
        .before = (ptrdiff_t)row * s->before_stride + (ptrdiff_t)unit, \
        .count = units_back(s, unit), \
      }; \
      if (counts_back(s, row)) { \
        body; \
      } else { \
        skip; \
      } \
    } \
  }

/// The product of `blocks` blocks of the tape, from block `block` on, with as many of the
/// transposed kernel from its gate `gate` on; sums start with `start`, rows `start_stride` apart.
static void multiply_back(
  const struct back *s, size_t block, size_t gate, size_t blocks, const float *panels,
  size_t columns, const float *start, ptrdiff_t start_stride, float *sums
) {
  const PackedRecurrentBack *weights = s->weights;
  for (size_t column = 0; column < columns; column += block_vectors * WIDTH) {
    size_t vectors = least(block_vectors, (columns - column) / WIDTH);
    struct product p = {
      .rows = s->tape + block * weights->units,
      .row_stride = s->walk->tapeSampleStride,
      .panel = panels + column * weights->depth + gate * weights->units * vectors * WIDTH,
      .depth = blocks * weights->units,
      .start = start_stride ? start + column : start,
      .start_stride = start_stride,
      .sums = sums + column,
      .sums_stride = (ptrdiff_t)columns,
    };
    multiply(p, s->batch, vectors);
  }
}

/// The same with the recurrent kernel.
static void multiply_hidden_back(
  const struct back *s, size_t block, size_t gate, size_t blocks, const float *start, float *sums
) {
  const PackedRecurrentBack *weights = s->weights;
  multiply_back(
    s, block, gate, blocks, weights->recurrent, weights->padded_units,
    start ? start : weights->zeros, start ? (ptrdiff_t)weights->padded_units : 0, sums);
}

INLINE void lstm_step_back(const struct back *s, int usual) {
  FOR_UNITS(skip_units(s, at, 0, 4), lstm_units_back(s, at, usual))
  multiply_hidden_back(s, 0, 0, 4, s->mask ? s->carry : NULL, s->hidden);
}

INLINE void gru_step_back(const struct back *s, int usual) {
  FOR_UNITS({
    skip_units(s, at, 0, 3);
    keep(at.tape + 4 * s->weights->units, splat(0), at.count);
  }, gru_units_back(s, at, usual))
  multiply_hidden_back(s, 0, 0, 2, s->carry, s->hidden);
  multiply_hidden_back(s, 4, 2, 1, s->hidden, s->hidden);
}

static void gru_before_step_back(const struct back *s) {
  FOR_UNITS(skip_units(s, at, 0, 3), gru_before_units_back(s, at))
  multiply_hidden_back(s, 2, 2, 1, NULL, s->gated);
  FOR_UNITS(
    keep(at.tape + 4 * s->weights->units, splat(0), at.count), reset_units_back(s, at))
  multiply_hidden_back(s, 0, 0, 2, s->carry, s->hidden);
}

static void simple_step_back(const struct back *s) {
  FOR_UNITS(skip_units(s, at, 1, 1), simple_units_back(s, at))
  multiply_hidden_back(s, 1, 0, 1, s->mask ? s->carry : NULL, s->hidden);
}

/// The gradients of a step's inputs.
static void give_inputs(const struct back *s, size_t step) {
  const PackedRecurrentBack *weights = s->weights;
  if (!s->walk->inputGradient || !weights->input) return;
  size_t block = weights->cell == RecurrentCellSimple ? 1 : 0;
  multiply_back(
    s, block, 0, weights->depth / weights->units, weights->input, weights->padded_features,
    weights->zeros, 0, s->inputs);
  float *to = s->walk->inputGradient + (ptrdiff_t)step * s->walk->inputStepStride;
  for (size_t row = 0; row < s->batch; row++) {
    memcpy(
      to + (ptrdiff_t)row * s->walk->inputSampleStride,
      s->inputs + row * weights->padded_features, weights->features * sizeof(float));
  }
}

/// Adds the gradients of a step's outputs to those of its state, and gives the squares.
static void take_outputs(const struct back *s, size_t step) {
  const RecurrentWalkBack *walk = s->walk;
  size_t padded = s->weights->padded_units;
  if (walk->outputGradient) {
    const float *from = walk->outputGradient + (ptrdiff_t)step * walk->outputStepStride;
    for (size_t row = 0; row < s->batch; row++, from += walk->outputSampleStride) {
      for (size_t unit = 0; unit < s->weights->units; unit += WIDTH) {
        float *to = s->hidden + row * padded + unit;
        store(to, load(to) + take_part(from + unit, units_back(s, unit)));
      }
    }
  }
  if (!walk->squares) return;
  for (size_t row = 0; row < s->batch; row++) {
    vector sum = splat(0);
    for (size_t unit = 0; unit < padded; unit += WIDTH) {
      vector v = load(s->hidden + row * padded + unit);
      sum = multiply_add(v, v, sum);
    }
    walk->squares[(ptrdiff_t)step * walk->squaresStepStride + (ptrdiff_t)row] = sum_of(sum);
  }
}

static void take_step_back(struct back *s, size_t step) {
  const RecurrentWalkBack *walk = s->walk;
  const size_t units = s->weights->units;
  const int is_usual = s->weights->usual;
  ptrdiff_t at = (ptrdiff_t)step;
  s->tape = walk->tape + at * walk->tapeStepStride;
  s->mask = walk->mask ? walk->mask + at * walk->maskStepStride : NULL;
  s->hidden_before = walk->hiddenBefore;
  s->cell_before = walk->cellBefore;
  s->before_stride = walk->beforeSampleStride;
  int is_lstm = s->weights->cell == RecurrentCellLSTM;
  if (step > 0) {
    const float *before = s->tape - walk->tapeStepStride;
    s->hidden_before = before + (is_lstm ? 5 : 3) * units;
    s->cell_before = before + 4 * units;
    s->before_stride = walk->tapeSampleStride;
  }
  take_outputs(s, step);
  switch (s->weights->cell) {
    case RecurrentCellLSTM:
      if (is_usual) lstm_step_back(s, 1); else lstm_step_back(s, 0);
      break;
    case RecurrentCellGRUResetAfter:
      if (is_usual) gru_step_back(s, 1); else gru_step_back(s, 0);
      break;
    case RecurrentCellGRUResetBefore: gru_before_step_back(s); break;
    case RecurrentCellSimple: simple_step_back(s); break;
  }
  give_inputs(s, step);
}

/// Lays the buffers of a way back out from `buffer`; says how many numbers they take.
static size_t lay_out_back(struct back *s, float *buffer) {
  const PackedRecurrentBack *weights = s->weights;
  size_t total = 0, states = s->batch * weights->padded_units;
  int is_lstm = weights->cell == RecurrentCellLSTM;
  int is_reset_before = weights->cell == RecurrentCellGRUResetBefore;
  s->hidden = take(&buffer, &total, states);
  s->cell = take(&buffer, &total, is_lstm ? states : 0);
  s->carry = take(&buffer, &total, states);
  s->gated = take(&buffer, &total, is_reset_before ? states : 0);
  s->inputs = take(
    &buffer, &total, s->walk->inputGradient ? s->batch * weights->padded_features : 0);
  return total;
}

/// Copies gradients of states between rows of U and padded rows.
static void copy_back(
  const struct back *s, float *to, size_t to_stride, const float *from, size_t from_stride
) {
  for (size_t row = 0; row < s->batch; row++) {
    memcpy(to + row * to_stride, from + row * from_stride, s->weights->units * sizeof(float));
  }
}

static int walk_all_back(const PackedRecurrentBack *weights, const RecurrentWalkBack *walk) {
  if (walk->batch == 0 || walk->steps == 0) return 0;
  struct back s = {.weights = weights, .walk = walk, .batch = walk->batch};
  size_t total = lay_out_back(&s, NULL);
  void *memory = NULL;
  if (total > SIZE_MAX / sizeof(float) / 2) return -1;
  if (posix_memalign(&memory, 64, total * sizeof(float))) return -1;
  // The padding is read with whole vectors: it must hold numbers.
  memset(memory, 0, total * sizeof(float));
  lay_out_back(&s, memory);
  size_t units = weights->units, padded = weights->padded_units;
  int is_lstm = weights->cell == RecurrentCellLSTM;
  copy_back(&s, s.hidden, padded, walk->hidden, units);
  if (is_lstm) copy_back(&s, s.cell, padded, walk->cell, units);
  for (size_t step = walk->steps; step > 0; step--) take_step_back(&s, step - 1);
  copy_back(&s, walk->hidden, units, s.hidden, padded);
  if (is_lstm) copy_back(&s, walk->cell, units, s.cell, padded);
  free(memory);
  return 0;
}
