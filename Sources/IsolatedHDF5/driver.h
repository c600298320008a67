// Where libhdf5 gets its bytes from: a driver that reads from one source, and writes nowhere.

#pragma once

#include "IsolatedHDF5.h"

#include <hdf5.h>

/// Makes `source` what every file that is opened with `access` reads. One source a process.
bool hdf5_reads_from(hid_t access, const isolated_source *source);

/// Reads the bytes of a source. Returns whether all of them came.
bool source_read(const isolated_source *source, uint64_t offset, void *out, uint64_t count);
