// What an HDF5 file holds: groups, arrays, attributes.

#include "answer.h"
#include "child.h"

#include <stdlib.h>
#include <string.h>

/// More objects than any model has.
static const size_t most_objects = 200000;
/// A part of an array that is packed as a whole.
static const uint64_t most_in_chunk = 256u << 20;
static const size_t most_text = 64u << 20;

bool lies_elsewhere(hid_t plan) {
  return H5Pget_external_count(plan) != 0 || H5Pget_layout(plan) == H5D_VIRTUAL;
}

bool is_unwieldy(hid_t plan, size_t element) {
  if (H5Pget_layout(plan) != H5D_CHUNKED) return false;
  hsize_t sizes[H5S_MAX_RANK];
  int rank = H5Pget_chunk(plan, H5S_MAX_RANK, sizes);
  if (rank < 0 || element == 0) return true;
  uint64_t bytes = element;
  for (int axis = 0; axis < rank; axis++) {
    if (sizes[axis] == 0 || bytes > most_in_chunk / sizes[axis]) return true;
    bytes *= sizes[axis];
  }
  return false;
}

bool has_path(hid_t file, const char *path) {
  char *step = strdup(path);
  if (!step) return false;
  bool is_there = true;
  for (char *end = step; is_there && end; ) {
    end = strchr(end, '/');
    if (end == step) { end++; continue; }
    if (end) *end = 0;
    H5L_info_t info;
    is_there = H5Lexists(file, step, H5P_DEFAULT) > 0
      && H5Lget_info(file, step, &info, H5P_DEFAULT) >= 0 && info.type == H5L_TYPE_HARD;
    if (end) *end++ = '/';
  }
  free(step);
  return is_there;
}

// MARK: Attributes

static void tell_fixed_texts(hid_t attribute, hid_t type, const char *name, size_t count) {
  size_t length = H5Tget_size(type);
  if (length == 0 || length > most_text || count > most_text / length) {
    answer_byte(isolated_unknown);
    answer_text(name, strlen(name));
    return;
  }
  char *texts = malloc(length * count + 1);
  if (!texts) answer_failure("there is not enough memory");
  hid_t memory = H5Tcopy(type);
  if (memory < 0 || H5Aread(attribute, memory, texts) < 0)
    answer_failure("an attribute is damaged");
  answer_byte(isolated_texts);
  answer_text(name, strlen(name));
  answer_4((uint32_t)count);
  for (size_t index = 0; index < count; index++) {
    const char *text = texts + index * length;
    answer_text(text, strnlen(text, length));
  }
  free(texts);
  H5Tclose(memory);
}

static void tell_texts(hid_t attribute, hid_t type, hid_t space, const char *name, size_t count) {
  if (H5Tis_variable_str(type) <= 0) {
    tell_fixed_texts(attribute, type, name, count);
    return;
  }
  char **texts = calloc(count > 0 ? count : 1, sizeof *texts);
  hid_t memory = H5Tcopy(H5T_C_S1);
  if (!texts || memory < 0 || H5Tset_size(memory, H5T_VARIABLE) < 0
      || H5Tset_cset(memory, H5Tget_cset(type)) < 0 || H5Aread(attribute, memory, texts) < 0)
    answer_failure("an attribute is damaged");
  answer_byte(isolated_texts);
  answer_text(name, strlen(name));
  answer_4((uint32_t)count);
  for (size_t index = 0; index < count; index++) {
    const char *text = texts[index] ? texts[index] : "";
    answer_text(text, strlen(text));
  }
  H5Dvlen_reclaim(memory, space, H5P_DEFAULT, texts);
  free(texts);
  H5Tclose(memory);
}

static herr_t tell_attribute(
  hid_t owner, const char *name, const H5A_info_t *info, void *unused) {
  (void)info, (void)unused;
  hid_t attribute = H5Aopen(owner, name, H5P_DEFAULT);
  if (attribute < 0) return 0;
  hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
  hssize_t count = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
  H5T_class_t kind = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
  if (kind == H5T_STRING && count >= 0 && (size_t)count <= most_objects) {
    tell_texts(attribute, type, space, name, (size_t)count);
  } else if ((kind == H5T_FLOAT || kind == H5T_INTEGER) && count > 0 && count <= 1024) {
    double numbers[1024];
    if (H5Aread(attribute, H5T_NATIVE_DOUBLE, numbers) < 0)
      answer_failure("an attribute is damaged");
    answer_byte(isolated_numbers);
    answer_text(name, strlen(name));
    answer_4((uint32_t)count);
    for (hssize_t index = 0; index < count; index++) answer_double(numbers[index]);
  } else {
    answer_byte(isolated_unknown);
    answer_text(name, strlen(name));
  }
  if (type >= 0) H5Tclose(type);
  if (space >= 0) H5Sclose(space);
  H5Aclose(attribute);
  return 0;
}

static void tell_attributes(hid_t owner) {
  hsize_t start = 0;
  if (H5Aiterate2(owner, H5_INDEX_NAME, H5_ITER_NATIVE, &start, tell_attribute, NULL) < 0)
    answer_failure("its attributes are damaged");
}

// MARK: Objects

static uint8_t kind_of(hid_t type) {
  switch (H5Tget_class(type)) {
  case H5T_FLOAT: return isolated_float;
  case H5T_INTEGER: return isolated_integer;
  // h5py writes a bool as an enumeration of two names.
  case H5T_ENUM: return H5Tget_nmembers(type) == 2 && H5Tget_size(type) == 1
    ? isolated_boolean : isolated_other;
  default: return isolated_other;
  }
}

static void tell_array(hid_t set, const char *path) {
  hid_t plan = H5Dget_create_plist(set), space = H5Dget_space(set), type = H5Dget_type(set);
  hsize_t sizes[H5S_MAX_RANK];
  int rank = space < 0 ? -1 : H5Sget_simple_extent_dims(space, sizes, NULL);
  if (plan < 0 || type < 0 || rank < 0) answer_failure("an array is damaged");
  size_t element = H5Tget_size(type);
  answer_byte(isolated_array);
  answer_text(path, strlen(path));
  answer_byte((uint8_t)rank);
  for (int axis = 0; axis < rank; axis++) answer_8(sizes[axis]);
  answer_byte(kind_of(type));
  answer_4((uint32_t)element);
  answer_byte(H5Tget_class(type) == H5T_INTEGER && H5Tget_sign(type) == H5T_SGN_2);
  answer_8(H5Dget_storage_size(set));
  uint8_t flags = 0;
  if (lies_elsewhere(plan)) flags |= isolated_elsewhere;
  if (H5Pget_nfilters(plan) != 0) flags |= isolated_packed;
  if (is_unwieldy(plan, element)) flags |= isolated_unwieldy;
  answer_byte(flags);
  H5Pclose(plan);
  H5Sclose(space);
  H5Tclose(type);
}

static herr_t tell_link(hid_t group, const char *path, const H5L_info_t *info, void *count) {
  if (++*(size_t *)count > most_objects) answer_failure("holds more than any model");
  if (info->type != H5L_TYPE_HARD) {
    answer_byte(isolated_link);
    answer_text(path, strlen(path));
    return 0;
  }
  hid_t object = H5Oopen(group, path, H5P_DEFAULT);
  if (object < 0) answer_failure("an object is damaged");
  switch (H5Iget_type(object)) {
  case H5I_GROUP:
    answer_byte(isolated_group);
    answer_text(path, strlen(path));
    tell_attributes(object);
    break;
  case H5I_DATASET:
    tell_array(object, path);
    tell_attributes(object);
    break;
  default: break;
  }
  H5Oclose(object);
  return 0;
}

void tell_index(hid_t file, const work *work) {
  (void)work;
  hid_t root = H5Gopen2(file, "/", H5P_DEFAULT);
  if (root < 0) answer_failure("is damaged");
  answer_byte(isolated_group);
  answer_text("", 0);
  tell_attributes(root);
  size_t count = 0;
  if (H5Lvisit(root, H5_INDEX_NAME, H5_ITER_NATIVE, tell_link, &count) < 0)
    answer_failure("is damaged");
  answer_byte(isolated_end);
}
