// Products of a few rows with a panel of packed weights, all sums in registers.

/// What a product reads and writes; strides in numbers.
struct product {
  /// Rows of the left side: `depth` numbers each.
  const float *rows;
  ptrdiff_t row_stride;
  /// The packed right side: `depth` rows of a panel's vectors; block after block.
  const float *panel;
  size_t panel_stride;
  size_t depth;
  /// What the sums of a row start with.
  const float *start;
  ptrdiff_t start_stride;
  /// Where the sums of a row go.
  float *sums;
  ptrdiff_t sums_stride;
};

/// The shape of a product: rows × panels × vectors a panel, and from the sums of a panel to those
/// of the next one in vectors.
///
/// Every sum is taken in the order of the rows of the panel, whatever the shape: that keeps a
/// sample's numbers independent of the batch.
INLINE void multiply_shape(
  const struct product *p, const int rows, const int panels, const int vectors, const int between
) {
  vector sums[MOST_ROWS][3 * block_vectors];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
    for (int at = 0; at < panels * vectors; at++) {
      sums[row][at] = load(
        p->start + row * p->start_stride + (at / vectors * between + at % vectors) * WIDTH);
    }
  }
  const float *left = p->rows, *panel = p->panel;
  const ptrdiff_t stride = p->row_stride;
  const size_t panel_stride = p->panel_stride;
  for (size_t depth = p->depth; depth > 0; depth--, left++, panel += vectors * WIDTH) {
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      vector number = splat(left[row * stride]);
#pragma clang loop unroll(full)
      for (int at = 0; at < panels * vectors; at++) {
        const float *weights = panel + (size_t)(at / vectors) * panel_stride;
        sums[row][at] =
          multiply_add(number, load(weights + at % vectors * WIDTH), sums[row][at]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
    for (int at = 0; at < panels * vectors; at++) {
      store(
        p->sums + row * p->sums_stride + (at / vectors * between + at % vectors) * WIDTH,
        sums[row][at]);
    }
  }
}

typedef void product_code(const struct product *);

#define PRODUCT(rows, vectors) \
  static void multiply_##rows##_##vectors(const struct product *p) { \
    multiply_shape(p, rows, 1, vectors, block_vectors); \
  }
#define PRODUCTS(rows) PRODUCT(rows, 1) PRODUCT(rows, 2) PRODUCT(rows, 3) PRODUCT(rows, 4)
#define PRODUCT_NAMES(rows) \
  {multiply_##rows##_1, multiply_##rows##_2, multiply_##rows##_3, multiply_##rows##_4}

PRODUCTS(1)
PRODUCTS(2)
PRODUCTS(3)
#if MOST_ROWS > 3
PRODUCTS(4)
PRODUCTS(5)
PRODUCTS(6)
#endif

/// The code for rows − 1, vectors − 1.
static product_code *const products[MOST_ROWS][block_vectors] = {
  PRODUCT_NAMES(1), PRODUCT_NAMES(2), PRODUCT_NAMES(3),
#if MOST_ROWS > 3
  PRODUCT_NAMES(4), PRODUCT_NAMES(5), PRODUCT_NAMES(6),
#endif
};

// One row has too few sums to keep the multipliers busy: several panels at once.
#define WIDE_PRODUCT(panels, vectors) \
  static void multiply_wide_##panels##_##vectors(const struct product *p) { \
    multiply_shape(p, 1, panels, vectors, block_vectors); \
  }
WIDE_PRODUCT(2, 3)
WIDE_PRODUCT(3, 3)
WIDE_PRODUCT(2, 4)
WIDE_PRODUCT(3, 4)

static void multiply_rows(struct product p, size_t rows, size_t vectors) {
  // Even parts: 8 rows are 4 and 4, not 6 and 2.
  size_t parts = (rows + MOST_ROWS - 1) / MOST_ROWS;
  for (; parts > 0; parts--) {
    size_t count = (rows + parts - 1) / parts;
    products[count - 1][vectors - 1](&p);
    p.rows += (ptrdiff_t)count * p.row_stride;
    p.start += (ptrdiff_t)count * p.start_stride;
    p.sums += (ptrdiff_t)count * p.sums_stride;
    rows -= count;
  }
}

/// Multiplies `rows` rows, as many as there are, with one panel of `vectors` vectors.
static void multiply(struct product p, size_t rows, size_t vectors) {
  // Where the panel is larger than the first cache, a piece of it that fits meets all rows before
  // the next piece comes; the sums wait in memory meanwhile.
  enum { piece_bytes = 20 * 1024 };
  const size_t most = piece_bytes / (vectors * WIDTH * sizeof(float)), depth = p.depth;
  size_t pieces = rows > MOST_ROWS ? (depth + most - 1) / most : 1;
  size_t done = 0;
  for (size_t piece = 0; piece < pieces; piece++) {
    p.depth = (depth - done) / (pieces - piece);
    multiply_rows(p, rows, vectors);
    done += p.depth;
    p.rows += p.depth;
    p.panel += p.depth * vectors * WIDTH;
    p.start = p.sums;
    p.start_stride = p.sums_stride;
  }
}

/// Multiplies one row with `panels` panels of 3 or 4 vectors each.
static void multiply_row(struct product p, size_t panels, size_t vectors) {
  while (panels > 0) {
    size_t count = panels == 4 ? 2 : panels < 3 ? panels : 3;
    if (count == 1) {
      products[0][vectors - 1](&p);
    } else if (vectors == block_vectors) {
      (count == 2 ? multiply_wide_2_4 : multiply_wide_3_4)(&p);
    } else {
      (count == 2 ? multiply_wide_2_3 : multiply_wide_3_3)(&p);
    }
    p.panel += count * p.panel_stride;
    p.start += count * block_vectors * WIDTH;
    p.sums += count * block_vectors * WIDTH;
    panels -= count;
  }
}
