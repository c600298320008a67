// Reads HDF5 files in a process of its own.
//
// libhdf5 can crash, loop or overrun on a malformed file. What is here forks: the child looks
// into the file and writes what it finds to a pipe; whatever happens to it, the program that
// asked goes on. The child may open nothing, and its memory and time are bounded. It runs C
// alone, for no lock of another thread's is ever released in it.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <zip.h>

/// Where the bytes of an HDF5 file are.
typedef struct {
  /// An open file; -1: none. Read at places, so that its position is nobody's business.
  int descriptor;
  /// An archive with the file as a member; NULL: none.
  zip_t *archive;
  /// The member.
  uint64_t member;
  /// Whether the member is stored as it is, so that parts of it can be read.
  bool is_stored;
  /// Bytes in memory; NULL: none.
  const void *bytes;
  /// How many bytes the file has.
  uint64_t size;
  /// Whether the member's checksum is compared before anything is read.
  bool checks;
} isolated_source;

/// The most bytes that the child may take on top of what its parent had.
typedef struct {
  uint64_t memory;
  /// Seconds of processor time.
  uint64_t seconds;
} isolated_limits;

/// A child that writes to a pipe.
typedef struct {
  pid_t process;
  /// The end to read from; the caller closes it.
  int pipe;
} isolated_child;

/// What the parts of an index start with. Numbers are little-endian; texts are their length in 4
/// bytes and then their bytes.
enum {
  /// A group: its path.
  isolated_group = 'G',
  /// An array: path, rank in 1 byte, sizes in 8 each, kind in 1, bytes of an element in 4,
  /// whether it is signed in 1, stored bytes in 8, flags in 1.
  isolated_array = 'D',
  /// A link that leads elsewhere: its path.
  isolated_link = 'L',
  /// An attribute of texts, of what came last: name, count in 4, texts.
  isolated_texts = 'T',
  /// An attribute of numbers, of what came last: name, count in 4, doubles.
  isolated_numbers = 'N',
  /// An attribute of another kind, of what came last: name.
  isolated_unknown = 'U',
  /// Everything was told.
  isolated_end = 'E',
  /// The file cannot be read: why.
  isolated_failure = 'F',
  /// An array cannot be read: why.
  isolated_array_failure = 'A',
  /// The bytes of an array follow: their number in 8.
  isolated_bytes = 'B',
};

/// The kinds of an array's elements.
enum {
  isolated_float = 0,
  isolated_integer = 1,
  isolated_boolean = 2,
  isolated_other = 3,
};

/// The flags of an array.
enum {
  /// Its bytes lie in another file.
  isolated_elsewhere = 1,
  /// Its bytes are packed.
  isolated_packed = 2,
  /// Its parts are too large to be read.
  isolated_unwieldy = 4,
};

/// Starts a child that tells what an HDF5 file holds.
///
/// Returns 0, or the system's number for what failed.
int isolated_index(const isolated_source *source, isolated_limits limits, isolated_child *child);

/// Starts a child that writes the numbers of arrays: for each its bytes, as 32-bit floats or, where
/// `natively` says so, as the machine keeps the array's own type.
///
/// Returns 0, or the system's number for what failed.
int isolated_read(
  const isolated_source *source, isolated_limits limits, const char *const *paths, size_t count,
  bool natively, isolated_child *child);

/// Waits for a child's end. Returns whether it ended by itself.
bool isolated_wait(pid_t process);

/// A source of libzip over an open file, which stays the caller's; its position is not moved.
zip_source_t *isolated_zip_source(int descriptor, uint64_t size, zip_error_t *error);
