// The numbers of arrays, some rows at a time.

#include "answer.h"
#include "child.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// Bytes that are read at a time, unless one row has more.
static const uint64_t block = 4u << 20;

/// Tells numbers of bfloat16 as 32-bit floats, of which they are the upper halves.
static void tell_widened(const char *bytes, uint64_t count) {
  float wide[1024];
  while (count > 0) {
    uint64_t part = count < 1024 ? count : 1024;
    for (uint64_t index = 0; index < part; index++) {
      uint16_t half;
      memcpy(&half, bytes + 2 * index, 2);
      uint32_t whole = (uint32_t)half << 16;
      memcpy(&wide[index], &whole, 4);
    }
    answer_bytes(wide, part * 4);
    bytes += 2 * part;
    count -= part;
  }
}

/// Tells the rows of an array.
static void tell_rows(
  hid_t set, hid_t space, hid_t memory, const hsize_t *sizes, int rank, hsize_t rows,
  uint64_t row_bytes, size_t element, bool widens) {
  hsize_t step = block / row_bytes;
  if (step == 0) step = 1;
  if (step > rows) step = rows;
  char *bytes = malloc(step * row_bytes);
  if (!bytes) answer_failure("there is not enough memory");
  hsize_t start[H5S_MAX_RANK] = {0}, count[H5S_MAX_RANK];
  for (int axis = 0; axis < rank; axis++) count[axis] = sizes[axis];
  for (hsize_t row = 0; row < rows; row += step) {
    if (step > rows - row) step = rows - row;
    hid_t part = H5S_ALL, place = H5S_ALL;
    if (rank > 0) {
      start[0] = row;
      count[0] = step;
      if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) < 0) _exit(1);
      part = space;
      hsize_t all = step * (row_bytes / element);
      place = H5Screate_simple(1, &all, NULL);
    }
    // The reader knows how many bytes it waits for: fewer are an error.
    if (H5Dread(set, memory, place, part, H5P_DEFAULT, bytes) < 0) _exit(1);
    if (place != H5S_ALL) H5Sclose(place);
    if (widens) tell_widened(bytes, step * row_bytes / 2);
    else answer_bytes(bytes, step * row_bytes);
  }
  free(bytes);
}

/// A type with the order of bytes of this machine. The library's own would make floats of halves.
static hid_t native(hid_t type) {
  hid_t copy = H5Tcopy(type);
  H5T_class_t kind = H5Tget_class(type);
  if (copy >= 0 && (kind == H5T_FLOAT || kind == H5T_INTEGER)
      && H5Tset_order(copy, H5Tget_order(H5T_NATIVE_INT)) < 0)
    return -1;
  return copy;
}

static void tell_array(hid_t file, const char *path, bool natively) {
  if (!has_path(file, path)) answer_array_failure("has no such array");
  hid_t set = H5Dopen2(file, path, H5P_DEFAULT);
  if (set < 0) answer_array_failure("has no such array");
  hid_t plan = H5Dget_create_plist(set), space = H5Dget_space(set), type = H5Dget_type(set);
  if (plan < 0 || space < 0 || type < 0 || lies_elsewhere(plan)
      || is_unwieldy(plan, H5Tget_size(type)))
    answer_array_failure("cannot be read");
  hsize_t sizes[H5S_MAX_RANK];
  int rank = H5Sget_simple_extent_dims(space, sizes, NULL);
  // h5py has no type for bfloat16: it writes two bytes of which the file says no more.
  bool widens = !natively && H5Tget_class(type) == H5T_OPAQUE && H5Tget_size(type) == 2;
  hid_t memory = natively || widens ? native(type) : H5T_NATIVE_FLOAT;
  if (rank < 0 || memory < 0) answer_array_failure("cannot be read");
  size_t element = H5Tget_size(memory);
  uint64_t row_bytes = element;
  for (int axis = 1; axis < rank; axis++) {
    if (sizes[axis] != 0 && row_bytes > (UINT64_C(1) << 46) / sizes[axis])
      answer_array_failure("is too large");
    row_bytes *= sizes[axis];
  }
  hsize_t rows = rank == 0 ? 1 : sizes[0];
  if (row_bytes > 0 && rows > (UINT64_C(1) << 46) / row_bytes) answer_array_failure("is too large");
  answer_byte(isolated_bytes);
  answer_8(rows * row_bytes * (widens ? 2 : 1));
  if (rows > 0 && row_bytes > 0)
    tell_rows(set, space, memory, sizes, rank, rows, row_bytes, element, widens);
  if (natively || widens) H5Tclose(memory);
  H5Tclose(type);
  H5Sclose(space);
  H5Pclose(plan);
  H5Dclose(set);
}

void tell_numbers(hid_t file, const work *work) {
  for (size_t index = 0; index < work->count; index++)
    tell_array(file, work->paths[index], work->natively);
  answer_byte(isolated_end);
}
