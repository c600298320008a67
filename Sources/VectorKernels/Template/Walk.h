// The walk over the timesteps.

/// How many numbers of a projection are made ahead: as many as the caches hold beside the weights.
enum { projected_numbers = 24 * 1024, most_projected_steps = 96, least_projected_steps = 12 };

/// The sums that the input adds, of the next steps of all samples.
static void project(const struct state *s, size_t done, size_t steps) {
  const PackedRecurrentWeights *weights = s->weights;
  int is_gru = weights->cell == RecurrentCellGRUResetAfter;
  size_t panels = weights->blocks + (weights->tail_vectors > 0);
  ptrdiff_t step_numbers = (ptrdiff_t)(s->batch * s->projected_stride);
  for (size_t panel = 0; panel < panels; panel++) {
    int is_tail = panel == weights->blocks;
    size_t before = panel * block_vectors * WIDTH;
    for (size_t sample = 0; sample < s->batch; sample++) {
      struct product p = {
        .rows = s->walk->input + (ptrdiff_t)sample * s->walk->inputSampleStride
          + (ptrdiff_t)done * s->walk->inputStepStride,
        .row_stride = s->walk->inputStepStride,
        .panel = is_tail ? weights->tail : weights->input + panel * weights->input_stride,
        .depth = weights->features,
        .start = weights->start + before,
        .sums = s->projected + sample * s->projected_stride + before,
        .sums_stride = step_numbers,
      };
      multiply(p, steps, is_tail ? weights->tail_vectors : is_gru ? 3 : block_vectors);
      // The candidate's h₋₁·U starts with a bias of its own.
      for (size_t step = 0; step < steps && is_gru && !is_tail; step++) {
        store(
          p.sums + (ptrdiff_t)step * step_numbers + 3 * WIDTH, load(p.start + 3 * WIDTH));
      }
    }
  }
}

static void copy_inputs(const struct state *s, float *rows, size_t step) {
  const float *from = s->walk->input + (ptrdiff_t)step * s->walk->inputStepStride;
  for (size_t row = 0; row < s->batch; row++) {
    memcpy(
      rows + row * s->row_stride, from + (ptrdiff_t)row * s->walk->inputSampleStride,
      s->weights->features * sizeof(float));
  }
}

static void take_step(struct state *s, size_t step) {
  const RecurrentWalk *walk = s->walk;
  ptrdiff_t at = (ptrdiff_t)step;
  s->mask = walk->mask ? walk->mask + at * walk->maskStepStride : NULL;
  s->output = walk->output ? walk->output + at * walk->outputStepStride : NULL;
  s->record = walk->record ? walk->record + at * walk->recordStepStride : NULL;
  if (s->projected) {
    if (step % s->projected_steps == 0) {
      size_t left = walk->steps - step;
      project(s, step, left < s->projected_steps ? left : s->projected_steps);
    }
    s->step_projected =
      s->projected + step % s->projected_steps * s->batch * s->projected_stride;
  } else {
    copy_inputs(s, s->rows, step);
  }
  switch (s->weights->cell) {
    case RecurrentCellLSTM: lstm_step(s); break;
    case RecurrentCellGRUResetAfter: gru_step(s); break;
    case RecurrentCellSimple: simple_step(s); break;
    case RecurrentCellGRUResetBefore:
      copy_inputs(s, s->gated_rows, step);
      gru_before_step(s);
      break;
  }
  if (walk->counted) {
    for (size_t row = 0; row < s->batch; row++) walk->counted[row] |= counts(s, row);
  }
  float *rows = s->rows;
  s->rows = s->next_rows;
  s->next_rows = rows;
}

/// Takes `count` numbers from a buffer, or counts them where there is none yet; starts of lines.
static float *take(float **buffer, size_t *total, size_t count) {
  count = (count + 15) / 16 * 16;
  *total += count;
  if (!*buffer) return NULL;
  float *taken = *buffer;
  *buffer += count;
  return taken;
}

/// Lays the buffers of a walk out from `buffer`; says how many numbers they take.
static size_t lay_out(struct state *s, float *buffer) {
  const PackedRecurrentWeights *weights = s->weights;
  size_t padded = weights->padded_units, batch = s->batch, total = 0;
  int is_reset_before = weights->cell == RecurrentCellGRUResetBefore;
  size_t vectors = weights->blocks * block_vectors + weights->tail_vectors;
  s->row_stride = weights->features + padded;
  s->rows = take(&buffer, &total, batch * s->row_stride);
  s->next_rows = take(&buffer, &total, batch * s->row_stride);
  s->gated_rows = take(&buffer, &total, is_reset_before ? batch * s->row_stride : 0);
  s->update = take(&buffer, &total, is_reset_before ? batch * padded : 0);
  s->cell =
    take(&buffer, &total, weights->cell == RecurrentCellLSTM ? batch * padded : 0);
  size_t rows = batch * block_vectors * WIDTH, one_row = vectors * WIDTH;
  s->sums = take(&buffer, &total, rows > one_row ? rows : one_row);
  s->tail_inputs = take(&buffer, &total, batch * WIDTH);
  // With few samples the input's product is done for many steps at once: a step is too small to
  // keep the multipliers busy.
  s->projected_stride = vectors * WIDTH;
  size_t step_numbers = batch * s->projected_stride;
  size_t steps = projected_numbers / step_numbers;
  steps = steps < least_projected_steps ? least_projected_steps
    : steps > most_projected_steps ? most_projected_steps : steps;
  s->projected_steps = steps < s->walk->steps ? steps : s->walk->steps;
  int projects = batch <= 3 && !is_reset_before;
  s->projected =
    take(&buffer, &total, projects ? s->projected_steps * step_numbers : 0);
  if (!projects) s->projected = NULL;
  return total;
}

/// Copies states between rows of U and padded rows.
static void copy_states(
  const struct state *s, float *to, size_t to_stride, const float *from, size_t from_stride
) {
  for (size_t row = 0; row < s->batch; row++) {
    memcpy(to + row * to_stride, from + row * from_stride, s->weights->units * sizeof(float));
  }
}

static int walk_all(const PackedRecurrentWeights *weights, const RecurrentWalk *walk) {
  if (walk->batch == 0 || walk->steps == 0) return 0;
  struct state s = {.weights = weights, .walk = walk, .batch = walk->batch};
  size_t total = lay_out(&s, NULL);
  void *memory = NULL;
  if (total > SIZE_MAX / sizeof(float) / 2) return -1;
  if (posix_memalign(&memory, 64, total * sizeof(float))) return -1;
  lay_out(&s, memory);
  size_t units = weights->units, features = weights->features;
  // The padding is read with whole vectors: it must hold numbers.
  memset(s.rows, 0, s.batch * s.row_stride * sizeof(float));
  memset(s.next_rows, 0, s.batch * s.row_stride * sizeof(float));
  memset(s.tail_inputs, 0, s.batch * WIDTH * sizeof(float));
  copy_states(&s, s.rows + features, s.row_stride, walk->hidden, units);
  if (weights->cell == RecurrentCellLSTM) {
    memset(s.cell, 0, s.batch * weights->padded_units * sizeof(float));
    copy_states(&s, s.cell, weights->padded_units, walk->cell, units);
  }
  for (size_t step = 0; step < walk->steps; step++) take_step(&s, step);
  copy_states(&s, walk->hidden, units, s.rows + features, s.row_stride);
  if (weights->cell == RecurrentCellLSTM) {
    copy_states(&s, walk->cell, units, s.cell, weights->padded_units);
  }
  free(memory);
  return 0;
}
