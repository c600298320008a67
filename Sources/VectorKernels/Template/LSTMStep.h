// A timestep of an LSTM: i, f, g, o from the sums, then the states.

/// Keeps `gates`, i, f, g and o with their functions applied, and the new states.
INLINE void keep_lstm(
  const struct state *s, struct place at, const vector gates[block_vectors], int usual
) {
  const int step_counts = counts(s, at.row);
  float *cell = s->cell + at.row * s->weights->padded_units + at.unit;
  vector before = load(cell);
  vector after = multiply_add(gates[1], before, gates[0] * gates[2]);
  vector shown = usual ? tanh_of(after) : applied(s->weights->activation, after);
  vector hidden = gates[3] * shown;
  if (!step_counts) after = before;
  store(cell, after);
  for (size_t gate = 0; gate < block_vectors; gate++) keep_record(s, at, gate, gates[gate]);
  keep_record(s, at, 4, after);
  keep_hidden(s, at, 5, hidden, step_counts);
}

/// A whole block: a vector for each gate.
INLINE void lstm_block(const struct state *s, size_t block, const float *sums, int usual) {
  RecurrentFunction gate = s->weights->gate_activation, other = s->weights->activation;
  for (size_t row = 0; row < s->batch; row++, sums += block_vectors * WIDTH) {
    vector gates[block_vectors];
    for (int at = 0; at < block_vectors; at++) gates[at] = load(sums + at * WIDTH);
    if (usual) {
      lstm_functions(gates);
    } else {
      for (int at = 0; at < block_vectors; at++) {
        gates[at] = applied(at == 2 ? other : gate, gates[at]);
      }
    }
    keep_lstm(s, (struct place){row, block * WIDTH, WIDTH}, gates, usual);
  }
}

/// The tail: a quad holds all gates of W / 4 units.
INLINE void lstm_tail(const struct state *s, const float *sums, int usual) {
  const PackedRecurrentWeights *weights = s->weights;
  const size_t unit = weights->blocks * WIDTH, count = weights->tail_vectors;
  const vector is_candidate = WITH_QUARTER(splat(0), 2, splat(1), 2);
  for (size_t row = 0; row < s->batch; row++, sums += block_vectors * WIDTH) {
    vector quads[block_vectors];
    for (size_t at = 0; at < count; at++) {
      vector sum = load(sums + at * WIDTH);
      if (usual) {
        quads[at] = tanh_or_sigmoid_of(sum, is_candidate);
      } else {
        vector candidate = applied(weights->activation, sum);
        quads[at] = applied(weights->gate_activation, sum);
        quads[at] = WITH_QUARTER(quads[at], 2, candidate, 2);
      }
    }
    vector gates[block_vectors] = {
      GATHERED(quads, count, 0), GATHERED(quads, count, 1), GATHERED(quads, count, 2),
      GATHERED(quads, count, 3)};
    keep_lstm(s, (struct place){row, unit, weights->units - unit}, gates, usual);
  }
}

INLINE void lstm_panels(const struct state *s, int usual) {
  const PackedRecurrentWeights *weights = s->weights;
  int is_only_row = s->batch == 1;
  if (is_only_row) multiply_only_row(s, weights);
  for (size_t panel = 0; panel < panel_count(weights); panel++) {
    if (!is_only_row) {
      multiply(whole_product(s, weights, s->rows, panel), s->batch, vectors_of(weights, panel));
    }
    const float *sums = s->sums + (is_only_row ? panel * block_vectors * WIDTH : 0);
    if (panel < weights->blocks) {
      lstm_block(s, panel, sums, usual);
    } else {
      lstm_tail(s, sums, usual);
    }
  }
}

static void lstm_step(const struct state *s) {
  if (s->weights->usual) {
    lstm_panels(s, 1);
  } else {
    lstm_panels(s, 0);
  }
}
