// A timestep of a GRU whose reset gate comes after the product with the recurrent kernel.
//
// The candidate's x·W and h₋₁·U stay apart, for r multiplies the second one alone. A block has the
// vectors [x·W of g, z, r, h₋₁·U of g]: the input reaches the first three, the state the last.

INLINE void keep_gru(
  const struct state *s, struct place at, const vector gates[2], vector of_input,
  vector of_state, int usual
) {
  vector z = gates[0], r = gates[1];
  vector sum = multiply_add(r, of_state, of_input);
  vector g = usual ? tanh_of(sum) : applied(s->weights->activation, sum);
  vector hidden = multiply_add(z, hidden_before(s, at), (splat(1) - z) * g);
  keep_record(s, at, 0, z);
  keep_record(s, at, 1, r);
  keep_record(s, at, 2, g);
  keep_hidden(s, at, 3, hidden, counts(s, at.row));
  if (s->walk->recordsCandidateSums) keep_record(s, at, 4, of_state);
}

/// The functions of z and r, in place.
INLINE void gru_gates(const struct state *s, vector gates[2], int usual) {
  if (usual) {
    gru_functions(gates);
  } else {
    for (int at = 0; at < 2; at++) gates[at] = applied(s->weights->gate_activation, gates[at]);
  }
}

/// A whole block; `inputs` has the candidate's x·W, `sums` z, r and h₋₁·U behind its place.
INLINE void gru_block(
  const struct state *s, size_t block, const float *inputs, ptrdiff_t stride, const float *sums,
  int usual
) {
  for (size_t row = 0; row < s->batch; row++, inputs += stride, sums += block_vectors * WIDTH) {
    struct place at = {row, block * WIDTH, WIDTH};
    vector gates[2] = {load(sums + WIDTH), load(sums + 2 * WIDTH)};
    gru_gates(s, gates, usual);
    keep_gru(s, at, gates, load(inputs), load(sums + 3 * WIDTH), usual);
  }
}

/// The products of a block, and its gates.
INLINE void gru_block_step(const struct state *s, size_t block, int usual) {
  const PackedRecurrentWeights *weights = s->weights;
  const ptrdiff_t stride = block_vectors * WIDTH;
  const float *start = weights->start + block * block_vectors * WIDTH;
  const float *inputs = s->sums;
  struct product p = {
    .rows = s->rows,
    .row_stride = (ptrdiff_t)s->row_stride,
    .panel = weights->input + block * weights->input_stride,
    .depth = weights->features,
    .start = start,
    .sums = s->sums,
    .sums_stride = stride,
  };
  if (s->projected) {
    inputs = s->step_projected + block * block_vectors * WIDTH;
  } else {
    multiply(p, s->batch, 3);
    for (size_t row = 0; row < s->batch; row++) {
      store(s->sums + (ptrdiff_t)row * stride + 3 * WIDTH, load(start + 3 * WIDTH));
    }
  }
  p.rows += weights->features;
  p.panel = weights->recurrent + block * weights->recurrent_stride;
  p.depth = weights->units;
  p.start = inputs + WIDTH;
  p.start_stride = s->projected ? (ptrdiff_t)s->projected_stride : stride;
  p.sums += WIDTH;
  multiply(p, s->batch, 3);
  gru_block(s, block, inputs, p.start_stride, s->sums, usual);
}

/// The blocks of an only row, whose input's part was done ahead.
INLINE void gru_only_row(const struct state *s, int usual) {
  const PackedRecurrentWeights *weights = s->weights;
  struct product p = {
    .rows = s->rows + weights->features,
    .panel = weights->recurrent,
    .panel_stride = weights->recurrent_stride,
    .depth = weights->units,
    .start = s->step_projected + WIDTH,
    .sums = s->sums + WIDTH,
  };
  multiply_row(p, weights->blocks, 3);
  for (size_t block = 0; block < weights->blocks; block++) {
    size_t at = block * block_vectors * WIDTH;
    gru_block(s, block, s->step_projected + at, 0, s->sums + at, usual);
  }
}

/// The products of the tail: a quad holds candidate, z and r of W / 4 units.
///
/// The candidate's lanes have x·W after the input's part; they are put aside and start again for
/// h₋₁·U.
static void multiply_gru_tail(const struct state *s) {
  enum { quad = WIDTH / block_vectors };
  const PackedRecurrentWeights *weights = s->weights;
  const ptrdiff_t stride = block_vectors * WIDTH;
  size_t vectors = weights->tail_vectors, before = weights->blocks * block_vectors * WIDTH;
  struct product p = {
    .rows = s->rows,
    .row_stride = (ptrdiff_t)s->row_stride,
    .panel = weights->tail,
    .depth = weights->features,
    .start = weights->start + before,
    .sums = s->sums,
    .sums_stride = stride,
  };
  if (!s->projected) multiply(p, s->batch, vectors);
  for (size_t row = 0; row < s->batch; row++) {
    float *sums = s->sums + (ptrdiff_t)row * stride, *inputs = s->tail_inputs + row * WIDTH;
    if (s->projected) {
      const float *from = s->step_projected + row * s->projected_stride + before;
      memcpy(sums, from, vectors * WIDTH * sizeof(float));
    }
    for (size_t at = 0; at < vectors; at++) {
      memcpy(inputs + at * quad, sums + at * WIDTH, quad * sizeof(float));
      memcpy(sums + at * WIDTH, weights->tail_state_start + at * WIDTH, quad * sizeof(float));
    }
  }
  p.rows += weights->features;
  p.panel += weights->features * vectors * WIDTH;
  p.depth = weights->units;
  p.start = s->sums;
  p.start_stride = stride;
  multiply(p, s->batch, vectors);
}

INLINE void gru_tail(const struct state *s, int usual) {
  const PackedRecurrentWeights *weights = s->weights;
  const size_t unit = weights->blocks * WIDTH, count = weights->tail_vectors;
  multiply_gru_tail(s);
  for (size_t row = 0; row < s->batch; row++) {
    const float *sums = s->sums + row * block_vectors * WIDTH;
    vector quads[block_vectors];
    for (size_t at = 0; at < count; at++) quads[at] = load(sums + at * WIDTH);
    vector of_state = GATHERED(quads, count, 0);
    vector gates[2] = {GATHERED(quads, count, 1), GATHERED(quads, count, 2)};
    gru_gates(s, gates, usual);
    struct place at = {row, unit, weights->units - unit};
    keep_gru(s, at, gates, load(s->tail_inputs + row * WIDTH), of_state, usual);
  }
}

INLINE void gru_panels(const struct state *s, int usual) {
  if (s->batch == 1) {
    gru_only_row(s, usual);
  } else {
    for (size_t block = 0; block < s->weights->blocks; block++) gru_block_step(s, block, usual);
  }
  if (s->weights->tail_vectors > 0) gru_tail(s, usual);
}

static void gru_step(const struct state *s) {
  if (s->weights->usual) {
    gru_panels(s, 1);
  } else {
    gru_panels(s, 0);
  }
}
