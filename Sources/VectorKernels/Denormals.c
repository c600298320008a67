#include "include/Denormals.h"

#if defined(__x86_64__)

#include <immintrin.h>

bool denormals_flush(bool flushes) {
  // What comes out, and what goes in.
  const unsigned both = 0x8040;
  unsigned before = _mm_getcsr();
  _mm_setcsr(flushes ? before | both : before & ~both);
  return (before & both) == both;
}

#elif defined(__aarch64__)

#include <stdint.h>

bool denormals_flush(bool flushes) {
  const uint64_t flush = (uint64_t)1 << 24;
  uint64_t before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  uint64_t after = flushes ? before | flush : before & ~flush;
  __asm__ volatile("msr fpcr, %0" : : "r"(after));
  return (before & flush) != 0;
}

#else

bool denormals_flush(bool flushes) {
  (void)flushes;
  return false;
}

#endif
