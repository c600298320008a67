/// A square root that loops over many numbers can take several at a time of.

#ifndef SQUARE_ROOT_H
#define SQUARE_ROOT_H

/// The square root, correctly rounded; not a number below 0.
///
/// Swift's `squareRoot()` is the C library's `sqrtf` to the optimizer, which may set `errno`: a loop
/// with it goes on number by number.
static inline float square_root(float number) {
#if defined(__has_builtin)
#if __has_builtin(__builtin_elementwise_sqrt)
  return __builtin_elementwise_sqrt(number);
#else
  return __builtin_sqrtf(number);
#endif
#else
  return __builtin_sqrtf(number);
#endif
}

#endif
