// Products of matrices of any size: a piece of the right side is packed, then all rows of the left
// side meet it, a few at a time, with their sums in registers.

/// How deep a piece is, and how many rows meet it at once: a transposed left side is packed, so
/// that the stack of a thread holds 60 KB; another one stays in the second cache.
enum { piece_depth = 96, packed_rows = 96, plain_rows = 480 };

/// Some rows of the result, as wide as a panel.
struct matrix_block {
  const float *left;
  /// From a row to the next one, and from a number of the sums to the next one.
  ptrdiff_t left_row, left_step;
  const float *panel;
  ptrdiff_t panel_step;
  size_t depth;
  float *out;
  ptrdiff_t out_stride;
  /// How many numbers the last vector has.
  size_t last;
  int adds;
};

INLINE void multiply_block(const struct matrix_block *b, const int rows, const int vectors) {
  vector sums[MOST_ROWS][block_vectors];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
    for (int at = 0; at < vectors; at++) {
      const float *from = b->out + row * b->out_stride + at * WIDTH;
      sums[row][at] = !b->adds ? splat(0)
        : at < vectors - 1 ? load(from) : take_part(from, b->last);
    }
  }
  const float *left = b->left, *panel = b->panel;
  const ptrdiff_t left_row = b->left_row, left_step = b->left_step, panel_step = b->panel_step;
  for (size_t depth = b->depth; depth > 0; depth--, left += left_step, panel += panel_step) {
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      vector number = splat(left[row * left_row]);
#pragma clang loop unroll(full)
      for (int at = 0; at < vectors; at++) {
        sums[row][at] = multiply_add(number, load(panel + at * WIDTH), sums[row][at]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
    for (int at = 0; at < vectors; at++) {
      float *to = b->out + row * b->out_stride + at * WIDTH;
      keep(to, sums[row][at], at < vectors - 1 ? WIDTH : b->last);
    }
  }
}

typedef void matrix_code(const struct matrix_block *);

#define MATRIX(rows, vectors) \
  static void multiply_block_##rows##_##vectors(const struct matrix_block *b) { \
    multiply_block(b, rows, vectors); \
  }
#define MATRICES(rows) MATRIX(rows, 1) MATRIX(rows, 2) MATRIX(rows, 3) MATRIX(rows, 4)
#define MATRIX_NAMES(rows) \
  { \
    multiply_block_##rows##_1, multiply_block_##rows##_2, multiply_block_##rows##_3, \
      multiply_block_##rows##_4 \
  }

MATRICES(1)
MATRICES(2)
MATRICES(3)
#if MOST_ROWS > 3
MATRICES(4)
MATRICES(5)
MATRICES(6)
#endif

/// The code for rows − 1, vectors − 1.
static matrix_code *const matrices[MOST_ROWS][block_vectors] = {
  MATRIX_NAMES(1), MATRIX_NAMES(2), MATRIX_NAMES(3),
#if MOST_ROWS > 3
  MATRIX_NAMES(4), MATRIX_NAMES(5), MATRIX_NAMES(6),
#endif
};

/// A part of a product: some of the sums, of some rows.
struct matrix_part {
  const MatrixProduct *product;
  size_t first, depth;
  size_t first_row, rows;
};

/// How many rows the next block has where `rows` are left: even parts.
INLINE size_t next_rows(size_t rows) {
  size_t parts = (rows + MOST_ROWS - 1) / MOST_ROWS;
  return (rows + parts - 1) / parts;
}

/// Packs `count` columns of `a` from `column` on, sum after sum.
INLINE void pack_columns(struct matrix_part part, size_t column, size_t count, float *to) {
  const MatrixProduct *p = part.product;
  const size_t group = p->aGroup ? part.first / p->aGroup : 0;
  const ptrdiff_t to_next_group = p->aGroupStride - (ptrdiff_t)p->aGroup * p->aStride;
  size_t row = part.first - group * p->aGroup;
  const float *from = p->a + (ptrdiff_t)group * p->aGroupStride + (ptrdiff_t)row * p->aStride
    + column;
  for (size_t depth = part.depth; depth > 0; depth--, to += count) {
    if (count <= WIDTH) {
      store_part(to, load_part(from, count), count);
    } else {
      memcpy(to, from, count * sizeof(float));
    }
    from += p->aStride;
    row++;
    if (row == p->aGroup) {
      row = 0;
      from += to_next_group;
    }
  }
}

/// Packs columns of `a`, those of each block of rows of the result together.
static void pack_left(struct matrix_part part, float *to) {
  for (size_t done = 0; done < part.rows;) {
    size_t count = next_rows(part.rows - done);
    pack_columns(part, part.first_row + done, count, to + done * part.depth);
    done += count;
  }
}

/// Packs rows of `b` from `column` on, and adds them up where that is asked for.
static void pack_right(
  struct matrix_part part, size_t column, size_t vectors, size_t last, float *to
) {
  const MatrixProduct *p = part.product;
  const float *from = p->b + (ptrdiff_t)part.first * p->bStride + column;
  int sums_up = p->columnSums && part.first_row == 0;
  vector sums[block_vectors] = {0};
  for (size_t depth = part.depth; depth > 0; depth--, from += p->bStride) {
    for (size_t at = 0; at < vectors; at++, to += WIDTH) {
      vector v =
        at < vectors - 1 ? load(from + at * WIDTH) : take_part(from + at * WIDTH, last);
      store(to, v);
      if (sums_up) sums[at] = sums[at] + v;
    }
  }
  for (size_t at = 0; at < vectors && sums_up; at++) {
    float *place = p->columnSums + column + at * WIDTH;
    size_t count = at < vectors - 1 ? WIDTH : last;
    keep(place, take_part(place, count) + sums[at], count);
  }
}

/// Packs columns of `b`, whose rows lie side by side in the panel.
static void pack_right_transposed(
  struct matrix_part part, size_t column, size_t vectors, size_t last, float *to
) {
  const MatrixProduct *p = part.product;
  const size_t lanes = vectors * WIDTH, count = lanes - WIDTH + last;
  const float *from = p->b + (ptrdiff_t)column * p->bStride + part.first;
  for (size_t lane = 0; lane < lanes; lane++, from += p->bStride) {
    for (size_t depth = 0; depth < part.depth; depth++) {
      to[depth * lanes + lane] = lane < count ? from[depth] : 0;
    }
  }
}

/// The rows of a part with a panel.
static void multiply_panel(
  struct matrix_part part, struct matrix_block block, const float *left, size_t vectors
) {
  const MatrixProduct *p = part.product;
  for (size_t done = 0; done < part.rows;) {
    size_t count = next_rows(part.rows - done);
    if (left) {
      block.left = left + done * part.depth;
      block.left_row = 1;
      block.left_step = (ptrdiff_t)count;
    } else if (p->transposesA) {
      block.left = p->a + (ptrdiff_t)part.first * p->aStride + part.first_row + done;
      block.left_row = 1;
      block.left_step = p->aStride;
    } else {
      block.left = p->a + (ptrdiff_t)(part.first_row + done) * p->aStride + part.first;
      block.left_row = p->aStride;
      block.left_step = 1;
    }
    matrices[count - 1][vectors - 1](&block);
    block.out += (ptrdiff_t)count * block.out_stride;
    done += count;
  }
}

/// A part of the rows with all columns.
static void multiply_part(struct matrix_part part, const float *left, float *panel) {
  const MatrixProduct *p = part.product;
  // What a few rows read once need not be packed.
  int is_direct = part.rows <= 2 * MOST_ROWS && !p->transposesB && !p->columnSums;
  for (size_t column = 0; column < p->columns; column += block_vectors * WIDTH) {
    size_t columns = least(block_vectors * WIDTH, p->columns - column);
    size_t vectors = (columns + WIDTH - 1) / WIDTH;
    struct matrix_block block = {
      .panel = panel,
      .panel_step = (ptrdiff_t)(vectors * WIDTH),
      .depth = part.depth,
      .out = p->out + (ptrdiff_t)part.first_row * p->outStride + column,
      .out_stride = p->outStride,
      .last = columns - (vectors - 1) * WIDTH,
      .adds = p->adds || part.first > 0,
    };
    if (is_direct && block.last == WIDTH) {
      block.panel = p->b + (ptrdiff_t)part.first * p->bStride + column;
      block.panel_step = p->bStride;
    } else if (p->transposesB) {
      pack_right_transposed(part, column, vectors, block.last, panel);
    } else {
      pack_right(part, column, vectors, block.last, panel);
    }
    multiply_panel(part, block, left, vectors);
  }
}

static void multiply_matrices(const MatrixProduct *p) {
  float panel[piece_depth * block_vectors * WIDTH] __attribute__((aligned(64)));
  float left[piece_depth * packed_rows] __attribute__((aligned(64)));
  size_t pieces = (p->inner + piece_depth - 1) / piece_depth;
  // What one panel reads once need not be packed.
  int packs_left =
    p->transposesA && (p->aGroup > 0 || p->columns > block_vectors * WIDTH);
  size_t most_rows = packs_left ? packed_rows : plain_rows;
  // Each time that rows are packed the right side is packed, too: better all of them at once.
  float *packed = left, *more = NULL;
  size_t all = least(p->rows, plain_rows);
  if (packs_left && all > packed_rows) more = malloc(all * piece_depth * sizeof(float));
  if (more) {
    packed = more;
    most_rows = all;
  }
  size_t row_parts = (p->rows + most_rows - 1) / most_rows;
  if (pieces == 0 && !p->adds) {
    for (size_t row = 0; row < p->rows; row++) {
      memset(p->out + (ptrdiff_t)row * p->outStride, 0, p->columns * sizeof(float));
    }
  }
  struct matrix_part part = {.product = p};
  for (; pieces > 0; pieces--, part.first += part.depth) {
    part.depth = (p->inner - part.first) / pieces;
    part.first_row = 0;
    for (size_t parts = row_parts; parts > 0; parts--, part.first_row += part.rows) {
      part.rows = (p->rows - part.first_row + parts - 1) / parts;
      if (packs_left) pack_left(part, packed);
      multiply_part(part, packs_left ? packed : NULL, panel);
    }
  }
  free(more);
}
