// A zip archive over an open file: read at places, so that a process and its child can both.

#include "IsolatedHDF5.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct {
  int descriptor;
  uint64_t size;
  uint64_t position;
  zip_error_t error;
} Place;

static zip_int64_t place_read(Place *place, void *out, zip_uint64_t count) {
  uint64_t rest = place->size - place->position;
  if (count > rest) count = rest;
  uint64_t done = 0;
  while (done < count) {
    ssize_t read =
      pread(place->descriptor, (char *)out + done, count - done, (off_t)(place->position + done));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) {
      zip_error_set(&place->error, ZIP_ER_READ, errno);
      return -1;
    }
    if (read == 0) break;
    done += (uint64_t)read;
  }
  place->position += done;
  return (zip_int64_t)done;
}

static zip_int64_t place_source(
  void *context, void *data, zip_uint64_t length, zip_source_cmd_t command) {
  Place *place = context;
  switch (command) {
  case ZIP_SOURCE_OPEN:
    place->position = 0;
    return 0;
  case ZIP_SOURCE_READ: return place_read(place, data, length);
  case ZIP_SOURCE_CLOSE: return 0;
  case ZIP_SOURCE_STAT: {
    zip_stat_t *status = data;
    zip_stat_init(status);
    status->size = place->size;
    status->valid = ZIP_STAT_SIZE;
    return sizeof *status;
  }
  case ZIP_SOURCE_ERROR: return zip_error_to_data(&place->error, data, length);
  case ZIP_SOURCE_FREE:
    free(place);
    return 0;
  case ZIP_SOURCE_SEEK: {
    zip_int64_t position =
      zip_source_seek_compute_offset(place->position, place->size, data, length, &place->error);
    if (position < 0) return -1;
    place->position = (uint64_t)position;
    return 0;
  }
  case ZIP_SOURCE_TELL: return (zip_int64_t)place->position;
  case ZIP_SOURCE_SUPPORTS:
    return zip_source_make_command_bitmap(
      ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
      ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, -1);
  default:
    zip_error_set(&place->error, ZIP_ER_OPNOTSUPP, 0);
    return -1;
  }
}

zip_source_t *isolated_zip_source(int descriptor, uint64_t size, zip_error_t *error) {
  Place *place = calloc(1, sizeof *place);
  if (!place) {
    zip_error_set(error, ZIP_ER_MEMORY, 0);
    return NULL;
  }
  place->descriptor = descriptor;
  place->size = size;
  zip_error_init(&place->error);
  zip_source_t *source = zip_source_function_create(place_source, place, error);
  if (!source) free(place);
  return source;
}
