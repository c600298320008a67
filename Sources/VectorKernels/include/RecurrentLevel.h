/// The instruction sets that the kernels are compiled for.

#ifndef RECURRENT_LEVEL_H
#define RECURRENT_LEVEL_H

#if defined(__clang__)
#define CLOSED_ENUM(name) enum __attribute__((enum_extensibility(closed))) name : int
#else
#define CLOSED_ENUM(name) enum name
#endif

/// An instruction set that the kernel is compiled for, slowest first.
typedef CLOSED_ENUM(RecurrentLevel){
  /// What every machine of the architecture has: SSE2, NEON, or no vectors at all.
  RecurrentLevelBaseline,
  /// AVX2 with fused multiply-adds.
  RecurrentLevelAVX2,
  /// AVX-512 F, DQ, BW and VL.
  RecurrentLevelAVX512,
} RecurrentLevel;

/// The best level that this machine can run.
RecurrentLevel recurrent_best_level(void);

#endif
