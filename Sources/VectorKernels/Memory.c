#include "include/Memory.h"

#include <stdlib.h>

#if defined(__GLIBC__)

#include <limits.h>
#include <malloc.h>

void memory_keep(size_t bytes) {
  // Larger blocks are maps of their own, given back at once: the most that glibc allows.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, bytes < INT_MAX ? (int)bytes : INT_MAX);
}

#else

void memory_keep(size_t bytes) { (void)bytes; }

#endif
