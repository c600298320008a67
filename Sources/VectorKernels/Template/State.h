// A walk under way: its buffers, and how the numbers of a unit are kept.

struct state {
  const PackedRecurrentWeights *weights;
  const RecurrentWalk *walk;
  size_t batch;
  /// [x | h₋₁] of each sample, and where the h of this step go; (batch, row_stride).
  float *rows, *next_rows;
  size_t row_stride;
  /// [x | r·h₋₁], and z: of a GRU with the reset gate before the product.
  float *gated_rows, *update;
  /// (batch, padded units).
  float *cell;
  /// The sums of a panel, (batch, 4, W); of an only row all of them.
  float *sums;
  /// x·W of a GRU's candidate in the tail: (batch, W).
  float *tail_inputs;
  /// What the input adds to the sums, of some steps ahead: (steps, batch, all vectors); where
  /// there are few rows, or `NULL`.
  float *projected;
  size_t projected_steps;
  /// The numbers of one row of `projected`.
  size_t projected_stride;
  /// Of this step: (batch, …) each.
  const float *step_projected;
  const float *mask;
  float *output;
  float *record;
};

/// A few neighbouring units of a sample.
struct place {
  size_t row, unit, count;
};

INLINE void keep(float *to, vector v, size_t count) {
  if (count == WIDTH) store(to, v); else store_part(to, v, count);
}

/// `count` numbers, at most W, then zeros.
INLINE vector take_part(const float *from, size_t count) {
  return count == WIDTH ? load(from) : load_part(from, count);
}

INLINE size_t least(size_t a, size_t b) { return a < b ? a : b; }

INLINE int counts(const struct state *s, size_t row) {
  return !s->mask || s->mask[(ptrdiff_t)row * s->walk->maskSampleStride] != 0;
}

/// Records a quantity; states are recorded as they are carried.
INLINE void keep_record(const struct state *s, struct place at, size_t quantity, vector v) {
  if (!s->record) return;
  float *to = s->record + (ptrdiff_t)at.row * s->walk->recordSampleStride
    + (ptrdiff_t)(quantity * s->weights->units + at.unit);
  keep(to, v, at.count);
}

INLINE vector hidden_before(const struct state *s, struct place at) {
  return load(s->rows + at.row * s->row_stride + s->weights->features + at.unit);
}

/// Keeps a new hidden state, or the old one where the step is masked.
INLINE void keep_hidden(
  const struct state *s, struct place at, size_t quantity, vector hidden, int step_counts
) {
  vector shown = hidden;
  if (!step_counts) {
    shown = hidden = hidden_before(s, at);
    RecurrentMaskedOutput rule = s->walk->maskedOutput;
    if (rule == RecurrentMaskedOutputZero
        || (rule == RecurrentMaskedOutputLast && !s->walk->counted[at.row])) {
      shown = splat(0);
    }
  }
  // Whole vectors: the rows are padded.
  store(s->next_rows + at.row * s->row_stride + s->weights->features + at.unit, hidden);
  keep_record(s, at, quantity, hidden);
  if (s->output) {
    keep(s->output + (ptrdiff_t)at.row * s->walk->outputSampleStride + at.unit, shown, at.count);
  }
}

/// Gathers the quads of a tail: quarter `quarter` of each vector, one behind the other.
#define GATHERED(vectors, count, quarter) \
  ({ \
    vector gathered_ = WITH_QUARTER(splat(0), 0, (vectors)[0], quarter); \
    if ((count) > 1) gathered_ = WITH_QUARTER(gathered_, 1, (vectors)[1], quarter); \
    if ((count) > 2) gathered_ = WITH_QUARTER(gathered_, 2, (vectors)[2], quarter); \
    if ((count) > 3) gathered_ = WITH_QUARTER(gathered_, 3, (vectors)[3], quarter); \
    gathered_; \
  })

/// How many panels there are; the last one may be the tail.
INLINE size_t panel_count(const PackedRecurrentWeights *weights) {
  return weights->blocks + (weights->tail_vectors > 0);
}

/// How many vectors a panel has.
INLINE size_t vectors_of(const PackedRecurrentWeights *weights, size_t panel) {
  return panel < weights->blocks ? block_vectors : weights->tail_vectors;
}

/// The product of all samples with panel `panel`: of [x | h₋₁], or of h₋₁ alone where the input's
/// part was done ahead. For cells whose panels have as many vectors in both parts.
INLINE struct product whole_product(
  const struct state *s, const PackedRecurrentWeights *weights, const float *rows, size_t panel
) {
  size_t features = weights->features;
  size_t before = panel * block_vectors * WIDTH;
  int is_tail = panel == weights->blocks;
  const float *packed = is_tail ? weights->tail : weights->input + panel * weights->input_stride;
  struct product p = {
    .rows = rows,
    .row_stride = (ptrdiff_t)s->row_stride,
    .panel = packed,
    .panel_stride = weights->input_stride,
    .depth = features + weights->units,
    .start = weights->start + before,
    .start_stride = 0,
    .sums = s->sums,
    .sums_stride = block_vectors * WIDTH,
  };
  if (s->projected) {
    p.rows += features;
    p.panel += features * vectors_of(weights, panel) * WIDTH;
    p.depth = weights->units;
    p.start = s->step_projected + before;
    p.start_stride = (ptrdiff_t)s->projected_stride;
  }
  return p;
}

/// The sums of the only row with all panels, at the places that they have in `start`.
static void multiply_only_row(const struct state *s, const PackedRecurrentWeights *weights) {
  if (weights->blocks > 0) {
    multiply_row(whole_product(s, weights, s->rows, 0), weights->blocks, block_vectors);
  }
  if (weights->tail_vectors > 0) {
    struct product p = whole_product(s, weights, s->rows, weights->blocks);
    p.sums += weights->blocks * block_vectors * WIDTH;
    multiply(p, 1, weights->tail_vectors);
  }
}
