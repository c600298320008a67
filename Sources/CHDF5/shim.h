// HDF5: Keras' weights. What hdf5.h has as macros only stands here as functions.
#include <hdf5.h>

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
static inline hid_t hdf5_c_string(void) { return H5T_C_S1; }
static inline size_t hdf5_variable_size(void) { return H5T_VARIABLE; }

/// Errors are told by what calls return: nothing is printed.
static inline void hdf5_keep_quiet(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }
