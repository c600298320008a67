// Vectors of 8 numbers: AVX2 with fused multiply-adds.

#include <immintrin.h>

#define WIDTH 8
#define MOST_ROWS 3

typedef __m256 vector;

INLINE vector load(const float *from) { return _mm256_loadu_ps(from); }
/// Which lanes are below `count`.
INLINE __m256i lanes_below(size_t count) {
  __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lanes);
}
/// `count` numbers, then zeros.
INLINE vector load_part(const float *from, size_t count) {
  return _mm256_maskload_ps(from, lanes_below(count));
}
INLINE void store(float *to, vector v) { _mm256_storeu_ps(to, v); }
INLINE void store_part(float *to, vector v, size_t count) {
  _mm256_maskstore_ps(to, lanes_below(count), v);
}
INLINE vector splat(float number) { return _mm256_set1_ps(number); }
INLINE vector multiply_add(vector a, vector b, vector c) { return _mm256_fmadd_ps(a, b, c); }
/// c − a·b
INLINE vector multiply_subtract(vector a, vector b, vector c) {
  return _mm256_fnmadd_ps(a, b, c);
}
// The instructions give their second operand where one is not a number: it must stay one.
INLINE vector at_most(vector limit, vector v) { return _mm256_min_ps(limit, v); }
INLINE vector at_least(vector limit, vector v) { return _mm256_max_ps(limit, v); }
/// 1 where a number is above 0, else 0.
INLINE vector is_positive(vector v) {
  return _mm256_and_ps(_mm256_cmp_ps(v, _mm256_setzero_ps(), _CMP_GT_OQ), splat(1));
}
/// 2^n, for n added to `shifter`.
INLINE vector power_of_two(vector shifted) {
  return _mm256_castsi256_ps(_mm256_add_epi32(
    _mm256_slli_epi32(_mm256_castps_si256(shifted), 23), _mm256_set1_epi32(0x3f800000)));
}
/// y − n · ln 2
INLINE vector without_multiples(vector n, vector y) {
  return multiply_subtract(n, splat(0x1.62e430p-1f), y);
}
/// The sum of all numbers.
INLINE float sum_of(vector v) {
  float sum = 0;
  for (int lane = 0; lane < WIDTH; lane++) sum += v[lane];
  return sum;
}
/// a / b, in a's place.
INLINE void quotients(vector *a, const vector *b, const int count) {
  for (int at = 0; at < count; at++) a[at] = a[at] / b[at];
}
/// `v` with the quarter `to` replaced by the quarter `from` of `w`.
#define WITH_QUARTER(v, to, w, from) \
  _mm256_castpd_ps(_mm256_blend_pd( \
    _mm256_castps_pd(v), _mm256_permute4x64_pd(_mm256_castps_pd(w), (from) * 0x55), 1 << (to)))
