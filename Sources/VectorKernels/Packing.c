#if defined(__linux__)
#define _GNU_SOURCE
#include <sys/mman.h>
#endif

#include "Packing.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "Levels.h"

/// Where the numbers of a lane come from: columns of the kernels, or none.
struct lane {
  ptrdiff_t input, recurrent;
  float bias;
};

/// Which column of the kernels stands in lane `lane` of vector `vector` of a panel.
typedef struct lane lane_rule(
  const RecurrentWeights *weights, const PackedRecurrentWeights *packed, size_t panel,
  size_t vector, size_t lane);

static const ptrdiff_t no_column = -1;

static float bias_at(const RecurrentWeights *weights, size_t column) {
  return weights->bias ? weights->bias[column] : 0;
}

/// Where the biases of the state's part begin, of a GRU with the reset gate after the product.
static size_t second_bias_row(const RecurrentWeights *weights) { return 3 * weights->units; }

static const struct lane empty_lane = {-1, -1, 0};

/// Four gates of one unit: in a whole block gate after gate, in the tail quad after quad.
static int gate_and_unit(
  const PackedRecurrentWeights *packed, size_t panel, size_t vector, size_t lane, size_t *gate,
  size_t *unit
) {
  size_t width = packed->width;
  if (panel < packed->blocks) {
    *gate = vector;
    *unit = panel * width + lane;
  } else {
    size_t quad = width / block_vectors;
    *gate = lane / quad;
    *unit = packed->blocks * width + vector * quad + lane % quad;
  }
  return *unit < packed->units;
}

static struct lane lstm_lane(
  const RecurrentWeights *weights, const PackedRecurrentWeights *packed, size_t panel,
  size_t vector, size_t lane
) {
  size_t gate, unit;
  if (!gate_and_unit(packed, panel, vector, lane, &gate, &unit)) return empty_lane;
  ptrdiff_t column = (ptrdiff_t)(gate * weights->units + unit);
  return (struct lane){column, column, bias_at(weights, (size_t)column)};
}

/// Vectors x·W of the candidate, z, r, h·U of the candidate: those that the input reaches stand
/// side by side, and those that the state reaches. A quad of the tail has [candidate, z, r, –]:
/// its candidate is x·W first and h·U later, for a quad with both would multiply an infinite
/// input by the zeros that stand for "not reached".
static struct lane gru_lane(
  const RecurrentWeights *weights, const PackedRecurrentWeights *packed, size_t panel,
  size_t vector, size_t lane
) {
  size_t place, unit;
  if (!gate_and_unit(packed, panel, vector, lane, &place, &unit)) return empty_lane;
  size_t units = weights->units;
  size_t second = second_bias_row(weights);
  size_t column = place == 0 || place == 3 ? 2 * units + unit : (place - 1) * units + unit;
  int in_tail = panel == packed->blocks;
  if (place == 3) {
    if (in_tail) return empty_lane;
    return (struct lane){no_column, (ptrdiff_t)column, bias_at(weights, second + column)};
  }
  if (place == 0) {
    return (struct lane){
      (ptrdiff_t)column, in_tail ? (ptrdiff_t)column : no_column, bias_at(weights, column)};
  }
  return (struct lane){
    (ptrdiff_t)column, (ptrdiff_t)column,
    bias_at(weights, column) + bias_at(weights, second + column)};
}

/// z and r of a block, then of the next one.
static struct lane gates_lane(
  const RecurrentWeights *weights, const PackedRecurrentWeights *packed, size_t panel,
  size_t vector, size_t lane
) {
  size_t gate = vector % 2;
  size_t unit = (panel * 2 + vector / 2) * packed->width + lane;
  if (unit >= packed->units) return empty_lane;
  ptrdiff_t column = (ptrdiff_t)(gate * weights->units + unit);
  return (struct lane){column, column, bias_at(weights, (size_t)column)};
}

/// One column a unit: a simple cell, or the candidate of a GRU with the reset gate before.
static struct lane single_lane(
  const RecurrentWeights *weights, const PackedRecurrentWeights *packed, size_t panel,
  size_t vector, size_t lane
) {
  size_t unit = (panel * block_vectors + vector) * packed->width + lane;
  if (unit >= packed->units) return empty_lane;
  size_t first = weights->cell == RecurrentCellGRUResetBefore ? 2 * weights->units : 0;
  ptrdiff_t column = (ptrdiff_t)(first + unit);
  return (struct lane){column, column, bias_at(weights, (size_t)column)};
}

size_t recurrent_gate_count(RecurrentCell cell) {
  return cell == RecurrentCellSimple ? 1 : cell == RecurrentCellLSTM ? 4 : 3;
}

/// Writes the rows of one kernel for vectors `first` … `first + count - 1` of a panel.
static void pack_rows(
  const RecurrentWeights *weights, const PackedRecurrentWeights *packed, lane_rule *rule,
  size_t panel, size_t first, size_t count, int of_state, float *to
) {
  const float *from = of_state ? weights->recurrentKernel : weights->kernel;
  size_t rows = of_state ? weights->units : weights->features;
  size_t columns = recurrent_gate_count(weights->cell) * weights->units;
  // Row by row: the kernels are read in the order in which they lie.
  ptrdiff_t from_columns[block_vectors * most_width];
  size_t width = packed->width, lanes = count * width;
  for (size_t at = 0; at < lanes; at++) {
    struct lane lane = rule(weights, packed, panel, first + at / width, at % width);
    from_columns[at] = of_state ? lane.recurrent : lane.input;
  }
  for (size_t row = 0; row < rows; row++, from += columns, to += lanes) {
    for (size_t at = 0; at < lanes; at++) {
      to[at] = from_columns[at] < 0 ? 0 : from[from_columns[at]];
    }
  }
}

/// Memory for packed weights, a line of the cache at least aligned.
///
/// Large ones are asked for in huge pages: in small ones, strewn over the machine's memory, some of
/// the weights push each other out of the second cache, in one process and not in the next.
float *recurrent_allocate(size_t bytes) {
  const size_t line = 64, huge = (size_t)2 << 20;
  void *memory = NULL;
#if defined(MADV_HUGEPAGE)
  if (bytes >= huge / 2 && bytes <= SIZE_MAX - huge) {
    bytes = (bytes + huge - 1) / huge * huge;
    if (posix_memalign(&memory, huge, bytes)) return NULL;
    madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
  }
#endif
  return posix_memalign(&memory, line, bytes) ? NULL : memory;
}

/// Fills in a set of panels that `rule` describes; the input reaches the first `of_input`
/// vectors of a block, the state the last `of_state` ones.
static int pack_panels(
  const RecurrentWeights *weights, PackedRecurrentWeights *packed, lane_rule *rule,
  size_t of_input, size_t of_state
) {
  size_t features = weights->features, units = weights->units, width = packed->width;
  size_t together = of_input == block_vectors && of_state == block_vectors;
  size_t input_block = features * of_input * width, state_block = units * of_state * width;
  size_t blocks = packed->blocks, tail = packed->tail_vectors;
  size_t count = blocks * (input_block + state_block) + (features + units) * tail * width
    + (blocks * block_vectors + 2 * tail) * width;
  if (count > SIZE_MAX / sizeof(float) - 4096) return -1;
  float *numbers = recurrent_allocate(count * sizeof(float));
  if (!numbers) return -1;
  packed->numbers = numbers;
  packed->bytes = count * sizeof(float);
  packed->input = numbers;
  packed->recurrent = numbers + (together ? input_block : blocks * input_block);
  packed->input_stride = together ? input_block + state_block : input_block;
  packed->recurrent_stride = together ? input_block + state_block : state_block;
  float *behind = numbers + blocks * (input_block + state_block);
  packed->tail = behind;
  float *start = behind + (features + units) * tail * width;
  packed->start = start;
  for (size_t panel = 0; panel < blocks; panel++) {
    pack_rows(
      weights, packed, rule, panel, 0, of_input, 0,
      numbers + (packed->input - numbers) + panel * packed->input_stride);
    pack_rows(
      weights, packed, rule, panel, block_vectors - of_state, of_state, 1,
      numbers + (packed->recurrent - numbers) + panel * packed->recurrent_stride);
  }
  pack_rows(weights, packed, rule, blocks, 0, tail, 0, behind);
  pack_rows(weights, packed, rule, blocks, 0, tail, 1, behind + features * tail * width);
  for (size_t panel = 0; panel <= blocks; panel++) {
    size_t vectors = panel < blocks ? block_vectors : tail;
    for (size_t vector = 0; vector < vectors; vector++) {
      for (size_t at = 0; at < width; at++) {
        *start++ = rule(weights, packed, panel, vector, at).bias;
      }
    }
  }
  packed->tail_state_start = start;
  memset(start, 0, tail * width * sizeof(float));
  if (weights->cell == RecurrentCellGRUResetAfter) {
    size_t quad = width / block_vectors;
    for (size_t unit = blocks * width, at = 0; unit < packed->units; unit++, at++) {
      start[at / quad * width + at % quad] =
        bias_at(weights, second_bias_row(weights) + 2 * weights->units + unit);
    }
  }
  return 0;
}

/// Panels for cells whose gates stand in one block of W units.
static int pack_gated(
  const RecurrentWeights *weights, PackedRecurrentWeights *packed, lane_rule *rule,
  size_t of_input, size_t of_state
) {
  size_t quad = packed->width / block_vectors;
  packed->blocks = weights->units / packed->width;
  packed->tail_vectors = (weights->units % packed->width + quad - 1) / quad;
  return pack_panels(weights, packed, rule, of_input, of_state);
}

/// Panels of `vectors` vectors for each W units, whole and part.
static int pack_plain(
  const RecurrentWeights *weights, PackedRecurrentWeights *packed, lane_rule *rule, size_t vectors
) {
  size_t all = packed->padded_units / packed->width * vectors;
  packed->blocks = all / block_vectors;
  packed->tail_vectors = all % block_vectors;
  return pack_panels(weights, packed, rule, block_vectors, block_vectors);
}

static PackedRecurrentWeights *new_packed(const RecurrentWeights *weights) {
  PackedRecurrentWeights *packed = calloc(1, sizeof *packed);
  if (!packed) return NULL;
  packed->cell = weights->cell;
  packed->level = weights->level;
  packed->activation = weights->activation;
  packed->gate_activation = weights->gateActivation;
  packed->usual = weights->activation == RecurrentFunctionTanh
    && weights->gateActivation == RecurrentFunctionSigmoid;
  packed->features = weights->features;
  packed->units = weights->units;
  packed->width = recurrent_level_width(weights->level);
  packed->padded_units = (weights->units + packed->width - 1) / packed->width * packed->width;
  return packed;
}

PackedRecurrentWeights *recurrent_pack(const RecurrentWeights *weights) {
  if (weights->level > recurrent_best_level()) return NULL;
  PackedRecurrentWeights *packed = new_packed(weights);
  if (!packed) return NULL;
  int failure = 0;
  switch (weights->cell) {
    case RecurrentCellLSTM:
      failure = pack_gated(weights, packed, lstm_lane, block_vectors, block_vectors);
      break;
    case RecurrentCellGRUResetAfter: failure = pack_gated(weights, packed, gru_lane, 3, 3); break;
    case RecurrentCellSimple: failure = pack_plain(weights, packed, single_lane, 1); break;
    case RecurrentCellGRUResetBefore:
      packed->candidate = new_packed(weights);
      failure = !packed->candidate || pack_plain(weights, packed->candidate, single_lane, 1)
        || pack_plain(weights, packed, gates_lane, 2);
      break;
  }
  if (!failure) return packed;
  recurrent_free(packed);
  return NULL;
}

void recurrent_free(PackedRecurrentWeights *packed) {
  if (!packed) return;
  recurrent_free(packed->candidate);
  free(packed->numbers);
  free(packed);
}

size_t recurrent_packed_bytes(const PackedRecurrentWeights *packed) {
  return sizeof *packed + packed->bytes
    + (packed->candidate ? recurrent_packed_bytes(packed->candidate) : 0);
}
