// Timesteps of cells whose panels have a column a unit: SimpleRNN, and the GRU whose reset gate
// comes before the product, in two products. Less used: one code for all functions.

/// How many units a vector of a plain panel holds: W, less in the last one.
INLINE size_t units_left(const struct state *s, size_t unit) {
  size_t left = s->weights->units - unit;
  return left < WIDTH ? left : WIDTH;
}

/// h = f(sum).
static void keep_simple(const struct state *s, size_t panel, const float *sums) {
  for (size_t row = 0; row < s->batch; row++, sums += block_vectors * WIDTH) {
    int step_counts = counts(s, row);
    for (size_t at = 0; at < vectors_of(s->weights, panel); at++) {
      size_t unit = (panel * block_vectors + at) * WIDTH;
      struct place place = {row, unit, units_left(s, unit)};
      vector h = applied(s->weights->activation, load(sums + at * WIDTH));
      keep_hidden(s, place, 0, h, step_counts);
    }
  }
}

static void simple_step(const struct state *s) {
  const PackedRecurrentWeights *weights = s->weights;
  int is_only_row = s->batch == 1;
  if (is_only_row) multiply_only_row(s, weights);
  for (size_t panel = 0; panel < panel_count(weights); panel++) {
    if (!is_only_row) {
      multiply(whole_product(s, weights, s->rows, panel), s->batch, vectors_of(weights, panel));
    }
    keep_simple(s, panel, s->sums + (is_only_row ? panel * block_vectors * WIDTH : 0));
  }
}

/// z, r and r·h₋₁ of the units of a panel: two blocks, or one.
static void keep_gates(const struct state *s, size_t panel) {
  size_t features = s->weights->features;
  for (size_t row = 0; row < s->batch; row++) {
    const float *sums = s->sums + row * block_vectors * WIDTH;
    for (size_t at = 0; at < vectors_of(s->weights, panel); at += 2) {
      size_t unit = (panel * 2 + at / 2) * WIDTH;
      struct place place = {row, unit, units_left(s, unit)};
      vector z = applied(s->weights->gate_activation, load(sums + at * WIDTH));
      vector r = applied(s->weights->gate_activation, load(sums + (at + 1) * WIDTH));
      store(s->update + row * s->weights->padded_units + unit, z);
      store(
        s->gated_rows + row * s->row_stride + features + unit, r * hidden_before(s, place));
      keep_record(s, place, 0, z);
      keep_record(s, place, 1, r);
    }
  }
}

/// The candidate and h.
static void keep_candidate(const struct state *s, size_t panel) {
  const PackedRecurrentWeights *candidate = s->weights->candidate;
  for (size_t row = 0; row < s->batch; row++) {
    const float *sums = s->sums + row * block_vectors * WIDTH;
    for (size_t at = 0; at < vectors_of(candidate, panel); at++) {
      size_t unit = (panel * block_vectors + at) * WIDTH;
      struct place place = {row, unit, units_left(s, unit)};
      vector g = applied(candidate->activation, load(sums + at * WIDTH));
      vector z = load(s->update + row * s->weights->padded_units + unit);
      keep_record(s, place, 2, g);
      vector hidden = multiply_add(z, hidden_before(s, place), (splat(1) - z) * g);
      keep_hidden(s, place, 3, hidden, counts(s, row));
    }
  }
}

static void gru_before_step(const struct state *s) {
  const PackedRecurrentWeights *weights = s->weights;
  for (size_t panel = 0; panel < panel_count(weights); panel++) {
    multiply(whole_product(s, weights, s->rows, panel), s->batch, vectors_of(weights, panel));
    keep_gates(s, panel);
  }
  weights = weights->candidate;
  for (size_t panel = 0; panel < panel_count(weights); panel++) {
    multiply(
      whole_product(s, weights, s->gated_rows, panel), s->batch, vectors_of(weights, panel));
    keep_candidate(s, panel);
  }
}
