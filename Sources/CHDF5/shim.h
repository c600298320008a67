// HDF5: Keras' weights. What hdf5.h has as macros only stands here as functions.
#include <hdf5.h>
#include <stdbool.h>
#include <stdint.h>

static inline hid_t hdf5_class_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t hdf5_class_link_creation(void) { return H5P_LINK_CREATE; }
static inline hid_t hdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t hdf5_all(void) { return H5S_ALL; }
static inline unsigned hdf5_truncate(void) { return H5F_ACC_TRUNC; }
static inline unsigned hdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline hid_t hdf5_float32_in_file(void) { return H5T_IEEE_F32LE; }
static inline hid_t hdf5_int32_in_file(void) { return H5T_STD_I32LE; }
static inline hid_t hdf5_float_in_memory(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t hdf5_int_in_memory(void) { return H5T_NATIVE_INT; }

/// The type of numbers as files keep them, little-endian, or as this machine does; the caller
/// closes it. Negative where there is no such type.
static inline hid_t hdf5_float_type(size_t bytes, bool is_in_memory) {
  switch (bytes) {
  case 2: {
    // Half a float has no name of its own in this library.
    hid_t type = H5Tcopy(is_in_memory ? H5T_NATIVE_FLOAT : H5T_IEEE_F32LE);
    if (type < 0 || H5Tset_fields(type, 15, 10, 5, 0, 10) < 0 || H5Tset_size(type, 2) < 0
        || H5Tset_ebias(type, 15) < 0)
      return -1;
    return type;
  }
  case 4: return H5Tcopy(is_in_memory ? H5T_NATIVE_FLOAT : H5T_IEEE_F32LE);
  case 8: return H5Tcopy(is_in_memory ? H5T_NATIVE_DOUBLE : H5T_IEEE_F64LE);
  default: return -1;
  }
}

static inline hid_t hdf5_integer_type(size_t bytes, bool is_signed, bool is_in_memory) {
  switch (bytes) {
  case 1:
    if (is_in_memory) return H5Tcopy(is_signed ? H5T_NATIVE_INT8 : H5T_NATIVE_UINT8);
    return H5Tcopy(is_signed ? H5T_STD_I8LE : H5T_STD_U8LE);
  case 2:
    if (is_in_memory) return H5Tcopy(is_signed ? H5T_NATIVE_INT16 : H5T_NATIVE_UINT16);
    return H5Tcopy(is_signed ? H5T_STD_I16LE : H5T_STD_U16LE);
  case 4:
    if (is_in_memory) return H5Tcopy(is_signed ? H5T_NATIVE_INT32 : H5T_NATIVE_UINT32);
    return H5Tcopy(is_signed ? H5T_STD_I32LE : H5T_STD_U32LE);
  case 8:
    if (is_in_memory) return H5Tcopy(is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64);
    return H5Tcopy(is_signed ? H5T_STD_I64LE : H5T_STD_U64LE);
  default: return -1;
  }
}

/// A bool as h5py writes it: a byte with two names.
static inline hid_t hdf5_bool_type(void) {
  hid_t type = H5Tenum_create(H5T_NATIVE_INT8);
  int8_t no = 0, yes = 1;
  if (type < 0 || H5Tenum_insert(type, "FALSE", &no) < 0 || H5Tenum_insert(type, "TRUE", &yes) < 0)
    return -1;
  return type;
}

static inline hid_t hdf5_c_string(void) { return H5T_C_S1; }
static inline size_t hdf5_variable_size(void) { return H5T_VARIABLE; }

/// Errors are told by what calls return: nothing is printed.
static inline void hdf5_keep_quiet(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }
