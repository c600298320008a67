// What a child can do.

#pragma once

#include "IsolatedHDF5.h"

#include <hdf5.h>

/// What a child does with a file, and what it needs to know for it.
typedef struct work {
  void (*run)(hid_t file, const struct work *work);
  const char *const *paths;
  size_t count;
  bool natively;
} work;

/// Tells the groups, arrays and attributes of a file.
void tell_index(hid_t file, const work *work);
/// Tells the numbers of arrays.
void tell_numbers(hid_t file, const work *work);
/// Whether every step of a path is there, as a link inside the file.
bool has_path(hid_t file, const char *path);
/// Whether the bytes of an array lie in another file.
bool lies_elsewhere(hid_t plan);
/// Whether the array can only be read in parts that are larger than a program should take.
bool is_unwieldy(hid_t plan, size_t element);
