// Vectors of 16 numbers: AVX-512.

#include <immintrin.h>

#define WIDTH 16
#define MOST_ROWS 6

typedef __m512 vector;

INLINE vector load(const float *from) { return _mm512_loadu_ps(from); }
/// `count` numbers, then zeros.
INLINE vector load_part(const float *from, size_t count) {
  return _mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
}
INLINE void store(float *to, vector v) { _mm512_storeu_ps(to, v); }
INLINE void store_part(float *to, vector v, size_t count) {
  _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), v);
}
INLINE vector splat(float number) { return _mm512_set1_ps(number); }
INLINE vector multiply_add(vector a, vector b, vector c) { return _mm512_fmadd_ps(a, b, c); }
/// c − a·b
INLINE vector multiply_subtract(vector a, vector b, vector c) {
  return _mm512_fnmadd_ps(a, b, c);
}
// The instructions give their second operand where one is not a number: it must stay one.
INLINE vector at_most(vector limit, vector v) { return _mm512_min_ps(limit, v); }
INLINE vector at_least(vector limit, vector v) { return _mm512_max_ps(limit, v); }
/// 1 where a number is above 0, else 0.
INLINE vector is_positive(vector v) {
  __mmask16 above = _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_GT_OQ);
  return _mm512_maskz_mov_ps(above, splat(1));
}
/// 2^n, for n added to `shifter`.
INLINE vector power_of_two(vector shifted) {
  return _mm512_castsi512_ps(_mm512_add_epi32(
    _mm512_slli_epi32(_mm512_castps_si512(shifted), 23), _mm512_set1_epi32(0x3f800000)));
}
/// y − n · ln 2
INLINE vector without_multiples(vector n, vector y) {
  return multiply_subtract(n, splat(0x1.62e430p-1f), y);
}
/// The sum of all numbers.
INLINE float sum_of(vector v) { return _mm512_reduce_add_ps(v); }
/// a / b in a's place, for 1 ≤ b < 2^126; correctly rounded but for rare cases. An estimate of 14
/// bits and one step of Newton's on the quotient take a third of the time of a division.
INLINE void quotients(vector *a, const vector *b, const int count) {
  vector estimate[block_vectors], first[block_vectors];
  for (int at = 0; at < count; at++) estimate[at] = _mm512_rcp14_ps(b[at]);
  for (int at = 0; at < count; at++) first[at] = a[at] * estimate[at];
  for (int at = 0; at < count; at++) a[at] = multiply_subtract(first[at], b[at], a[at]);
  for (int at = 0; at < count; at++) a[at] = multiply_add(a[at], estimate[at], first[at]);
}
/// `v` with the quarter `to` replaced by the quarter `from` of `w`.
#define WITH_QUARTER(v, to, w, from) \
  _mm512_insertf32x4(v, _mm512_extractf32x4_ps(w, from), to)
