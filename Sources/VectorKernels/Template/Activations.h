// tanh, sigmoid and their like, on vectors.
//
// Both come from one function: with e = exp(y) − 1,
//   tanh(x) = e / (e + 2) for y = 2x, and σ(x) = 1 / (e + 2) for y = −x.
// exp(y) − 1, not exp(y): tanh of a small number keeps all its bits. For |x| < 20 errors stay
// below 3 units in the last place; what is not a number stays so.
//
// Each step is taken for several vectors before the next one: a chain of some twenty steps that
// wait for each other leaves the processor idle, four such chains side by side do not.

#define EACH(at, count) _Pragma("clang loop unroll(full)") for (int at = 0; at < (count); at++)

/// exp(y) − 1 for −87 ≤ y ≤ 87, in place; beyond, the value at the limit, where both functions
/// have reached theirs.
INLINE void exponentials_minus_one(vector *y, const int count) {
  const float limit = 87;
  // 1.5 · 2^23: what is added to it is rounded to a whole number, which stands in the low bits.
  const vector shifter = splat(0x1.8p23f);
  vector power[block_vectors], r[block_vectors], square[block_vectors], p[block_vectors];
  EACH(at, count) y[at] = at_most(splat(limit), at_least(splat(-limit), y[at]));
  EACH(at, count) power[at] = multiply_add(y[at], splat(0x1.715476p0f), shifter);  // y / ln 2
  // y − n · ln 2
  EACH(at, count) r[at] = without_multiples(power[at] - shifter, y[at]);
  EACH(at, count) power[at] = power_of_two(power[at]);
  // exp(r) − 1 = r + r² · p(r) on |r| ≤ ln 2 / 2; minimax, relative error 1.4e-8.
  EACH(at, count) square[at] = r[at] * r[at];
  EACH(at, count) p[at] = multiply_add(splat(0x1.1227740p-7f), r[at], splat(0x1.5556740p-5f));
  EACH(at, count) p[at] = multiply_add(splat(0x1.6bebfap-10f), square[at], p[at]);
  EACH(at, count) {
    vector low = multiply_add(splat(0x1.5554b0p-3f), r[at], splat(0x1.fffffep-2f));
    p[at] = multiply_add(p[at], square[at], low);
  }
  EACH(at, count) p[at] = multiply_add(p[at], square[at], r[at]);
  // 2^n · (1 + p) − 1
  EACH(at, count) y[at] = multiply_add(power[at], p[at], power[at] - splat(1));
}

INLINE vector tanh_of(vector x) {
  vector e = x + x;
  exponentials_minus_one(&e, 1);
  vector divisor = e + splat(2);
  quotients(&e, &divisor, 1);
  return e;
}

INLINE vector sigmoid_of(vector x) {
  vector e = -x, one = splat(1);
  exponentials_minus_one(&e, 1);
  e = e + splat(2);
  quotients(&one, &e, 1);
  return one;
}

/// The gates of an LSTM, in place: σ, σ, tanh, σ.
INLINE void lstm_functions(vector gates[block_vectors]) {
  const int candidate = 2;
  vector e[block_vectors];
  EACH(at, block_vectors) e[at] = at == candidate ? gates[at] + gates[at] : -gates[at];
  exponentials_minus_one(e, block_vectors);
  EACH(at, block_vectors) {
    gates[at] = at == candidate ? e[at] : splat(1);
    e[at] = e[at] + splat(2);
  }
  quotients(gates, e, block_vectors);
}

/// The gates of a GRU, in place: σ, σ.
INLINE void gru_functions(vector gates[2]) {
  vector e[2];
  EACH(at, 2) e[at] = -gates[at];
  exponentials_minus_one(e, 2);
  EACH(at, 2) {
    gates[at] = splat(1);
    e[at] = e[at] + splat(2);
  }
  quotients(gates, e, 2);
}

/// tanh in the lanes where `is_tanh` has 1, σ where it has 0.
INLINE vector tanh_or_sigmoid_of(vector x, vector is_tanh) {
  vector e = x * (splat(3) * is_tanh - splat(1));
  exponentials_minus_one(&e, 1);
  vector divisor = e + splat(2);
  e = multiply_add(e, is_tanh, splat(1) - is_tanh);
  quotients(&e, &divisor, 1);
  return e;
}

/// Any of the functions; the usual ones stand in the code of the cells themselves.
static vector applied(RecurrentFunction function, vector x) {
  switch (function) {
    case RecurrentFunctionTanh: return tanh_of(x);
    case RecurrentFunctionSigmoid: return sigmoid_of(x);
    case RecurrentFunctionReLU: return at_least(splat(0), x);
    case RecurrentFunctionLinear: return x;
    case RecurrentFunctionHardSigmoid:
      return at_most(splat(6), at_least(splat(0), x + splat(3))) / splat(6);
  }
  return x;
}

static void apply_all(RecurrentFunction function, float *numbers, size_t count) {
  for (size_t at = 0; at < count; at += WIDTH) {
    size_t left = count - at;
    float part[WIDTH] = {0};
    if (left >= WIDTH) {
      store(numbers + at, applied(function, load(numbers + at)));
    } else {
      memcpy(part, numbers + at, left * sizeof(float));
      store_part(numbers + at, applied(function, load(part)), left);
    }
  }
}
