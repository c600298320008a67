#include "driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

// The child reads one file and ends: what it reads from needs no place in the library's lists.
static const isolated_source *the_source;
static zip_file_t *the_member;

static bool member_read(uint64_t offset, char *out, uint64_t count) {
  if (!the_member) return false;
  if (zip_fseek(the_member, (zip_int64_t)offset, SEEK_SET) != 0) return false;
  while (count > 0) {
    zip_int64_t read = zip_fread(the_member, out, count);
    if (read <= 0) return false;
    out += read;
    count -= (uint64_t)read;
  }
  return true;
}

static bool descriptor_read(int descriptor, uint64_t offset, char *out, uint64_t count) {
  while (count > 0) {
    ssize_t read = pread(descriptor, out, count, (off_t)offset);
    if (read < 0 && errno == EINTR) continue;
    if (read <= 0) return false;
    out += read;
    offset += (uint64_t)read;
    count -= (uint64_t)read;
  }
  return true;
}

bool source_read(const isolated_source *source, uint64_t offset, void *out, uint64_t count) {
  if (offset > source->size || count > source->size - offset) return false;
  if (source->bytes) {
    memcpy(out, (const char *)source->bytes + offset, count);
    return true;
  }
  if (source->archive) return member_read(offset, out, count);
  return descriptor_read(source->descriptor, offset, out, count);
}

typedef struct {
  H5FD_t base;
  haddr_t end_of_address;
} File;

static H5FD_t *file_open(const char *name, unsigned flags, hid_t access, haddr_t most) {
  (void)name, (void)access, (void)most;
  if (flags & (H5F_ACC_RDWR | H5F_ACC_TRUNC | H5F_ACC_CREAT)) return NULL;
  File *file = calloc(1, sizeof(File));
  return (H5FD_t *)file;
}

static herr_t file_close(H5FD_t *file) {
  free(file);
  return 0;
}

static herr_t file_query(const H5FD_t *file, unsigned long *features) {
  (void)file;
  *features = 0;
  return 0;
}

static haddr_t file_end_of_address(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const File *)file)->end_of_address;
}

static herr_t file_set_end_of_address(H5FD_t *file, H5FD_mem_t type, haddr_t address) {
  (void)type;
  ((File *)file)->end_of_address = address;
  return 0;
}

static haddr_t file_end(const H5FD_t *file, H5FD_mem_t type) {
  (void)file, (void)type;
  return (haddr_t)the_source->size;
}

static herr_t file_read(
  H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size, void *out) {
  (void)file, (void)type, (void)transfer;
  return source_read(the_source, address, out, size) ? 0 : -1;
}

static herr_t file_write(
  H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size, const void *bytes) {
  (void)file, (void)type, (void)transfer, (void)address, (void)size, (void)bytes;
  return -1;
}

static const H5FD_class_t driver = {
#if H5_VERSION_GE(1, 13, 0)
  .version = H5FD_CLASS_VERSION,
  // Values from 512 on are for drivers that are not registered with the HDF Group.
  .value = (H5FD_class_value_t)600,
#endif
  .name = "unroll",
  .maxaddr = HADDR_MAX - 1,
  .fc_degree = H5F_CLOSE_STRONG,
  .open = file_open,
  .close = file_close,
  .query = file_query,
  .get_eoa = file_end_of_address,
  .set_eoa = file_set_end_of_address,
  .get_eof = file_end,
  .read = file_read,
  .write = file_write,
  .fl_map = H5FD_FLMAP_DICHOTOMY,
};

bool hdf5_reads_from(hid_t access, const isolated_source *source) {
  the_source = source;
  if (source->archive && !source->bytes) {
    the_member = zip_fopen_index(source->archive, source->member, 0);
    if (!the_member) return false;
  }
  hid_t identifier = H5FDregister(&driver);
  return identifier >= 0 && H5Pset_driver(access, identifier, NULL) >= 0;
}
