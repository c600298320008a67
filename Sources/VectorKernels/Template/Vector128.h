// Vectors of 4 numbers, as the compiler makes them of what the architecture has.

#include <string.h>

#define WIDTH 4

typedef float vector __attribute__((vector_size(16)));
typedef int integers __attribute__((vector_size(16)));

INLINE vector load(const float *from) {
  vector v;
  memcpy(&v, from, sizeof v);
  return v;
}
/// `count` numbers, then zeros.
INLINE vector load_part(const float *from, size_t count) {
  vector v = {0, 0, 0, 0};
  for (size_t lane = 0; lane < count; lane++) v[lane] = from[lane];
  return v;
}
INLINE void store(float *to, vector v) { memcpy(to, &v, sizeof v); }
INLINE void store_part(float *to, vector v, size_t count) {
  for (size_t lane = 0; lane < count; lane++) to[lane] = v[lane];
}
INLINE vector splat(float number) { return (vector){number, number, number, number}; }

#if defined(__aarch64__)
#define MOST_ROWS 6
INLINE vector multiply_add(vector a, vector b, vector c) {
  return __builtin_elementwise_fma(a, b, c);
}
#else
#define MOST_ROWS 3
INLINE vector multiply_add(vector a, vector b, vector c) { return a * b + c; }
#endif
/// c − a·b
INLINE vector multiply_subtract(vector a, vector b, vector c) { return multiply_add(-a, b, c); }

/// `yes` where `condition` holds, else `no`.
INLINE vector chosen(integers condition, vector yes, vector no) {
  return (vector)((condition & (integers)yes) | (~condition & (integers)no));
}
// Comparisons with what is not a number do not hold: it stays.
INLINE vector at_most(vector limit, vector v) { return chosen((integers)(v > limit), limit, v); }
INLINE vector at_least(vector limit, vector v) { return chosen((integers)(v < limit), limit, v); }
/// 1 where a number is above 0, else 0.
INLINE vector is_positive(vector v) {
  return chosen((integers)(v > splat(0)), splat(1), splat(0));
}
/// 2^n, for n added to `shifter`.
INLINE vector power_of_two(vector shifted) {
  // Unsigned: a shift of what is not a number must not be undefined.
  typedef unsigned bits __attribute__((vector_size(16)));
  return (vector)(((bits)shifted << 23) + 0x3f800000u);
}
/// y − n · ln 2, with ln 2 in two parts: the first has few bits, so that n times it is exact
/// without a fused multiply-add.
INLINE vector without_multiples(vector n, vector y) {
  return (y - n * splat(0x1.62e000p-1f)) - n * splat(0x1.0bfbe8p-15f);
}
/// The sum of all numbers.
INLINE float sum_of(vector v) { return (v[0] + v[1]) + (v[2] + v[3]); }
/// a / b, in a's place.
INLINE void quotients(vector *a, const vector *b, const int count) {
  for (int at = 0; at < count; at++) a[at] = a[at] / b[at];
}
INLINE vector with_lane(vector v, int to, vector w, int from) {
  v[to] = w[from];
  return v;
}
/// `v` with the quarter `to` replaced by the quarter `from` of `w`.
#define WITH_QUARTER(v, to, w, from) with_lane(v, to, w, from)
