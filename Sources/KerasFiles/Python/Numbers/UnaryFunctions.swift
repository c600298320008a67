#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// NumPy's functions of one number.
enum UnaryFunctions {
  /// Those that give floats, whatever they are given.
  nonisolated(unsafe) static let floating: [String: (Double) -> Double] = [
    "exp": { exp($0) }, "exp2": { exp2($0) }, "expm1": { expm1($0) }, "log": { log($0) },
    "log2": { log2($0) }, "log10": { log10($0) }, "log1p": { log1p($0) },
    "sqrt": { $0.squareRoot() }, "cbrt": { cbrt($0) }, "sin": { sin($0) }, "cos": { cos($0) },
    "tan": { tan($0) }, "arcsin": { asin($0) }, "arccos": { acos($0) }, "arctan": { atan($0) },
    "asin": { asin($0) }, "acos": { acos($0) }, "atan": { atan($0) },
    "sinh": { sinh($0) }, "cosh": { cosh($0) }, "tanh": { tanh($0) },
    "arcsinh": { asinh($0) }, "arccosh": { acosh($0) }, "arctanh": { atanh($0) },
    "deg2rad": { $0 * (.pi / 180) }, "radians": { $0 * (.pi / 180) },
    "rad2deg": { $0 * (180 / .pi) }, "degrees": { $0 * (180 / .pi) },
    "sinc": { $0 == 0 ? 1 : sin(.pi * $0) / (.pi * $0) }, "rint": { $0.rounded(.toNearestOrEven) },
    "fabs": { $0.magnitude },
  ]

  /// Those that keep whole numbers what they are.
  nonisolated(unsafe) static let keeping: [String: (float: (Double) -> Double, int: (Int) -> Int)] =
    [
      "abs": ({ $0.magnitude }, { $0 < 0 ? 0 &- $0 : $0 }),
      "absolute": ({ $0.magnitude }, { $0 < 0 ? 0 &- $0 : $0 }),
      "negative": ({ -$0 }, { 0 &- $0 }),
      "positive": ({ $0 }, { $0 }),
      "square": ({ $0 * $0 }, { $0 &* $0 }),
      "sign": ({ $0.isNaN ? $0 : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, { $0.signum() }),
      "floor": ({ $0.rounded(.down) }, { $0 }),
      "ceil": ({ $0.rounded(.up) }, { $0 }),
      "trunc": ({ $0.rounded(.towardZero) }, { $0 }),
      "fix": ({ $0.rounded(.towardZero) }, { $0 }),
      "reciprocal": ({ 1 / $0 }, { $0 == 0 ? .min : 1 / $0 }),
    ]

  /// Questions about a number.
  nonisolated(unsafe) static let tests: [String: (Double) -> Bool] = [
    "isnan": { $0.isNaN }, "isinf": { $0.isInfinite }, "isfinite": { $0.isFinite },
    "signbit": { $0.sign == .minus }, "isposinf": { $0 == .infinity },
    "isneginf": { $0 == -.infinity }, "logical_not": { $0 == 0 },
  ]

  /// A function applied to each element; `nil` where there is none of that name.
  static func apply(_ name: String, to array: NDArray) throws(ArrayProblem) -> NDArray? {
    if let function = floating[name] {
      let type = array.dtype.kind == .object ? DType.float64 : array.dtype.floating
      let numbers = try array.doubles().map { function($0) }
      return NDArray(array.shape, floats: NDArray.rounded(numbers, type), type)
    }
    if let functions = keeping[name] {
      if array.dtype.kind == .int {
        let type: DType =
          array.dtype == .bool && name != "abs" && name != "absolute"
          ? .int8 : array.dtype
        return NDArray(
          array.shape, ints: array.ints().map { type.wrapped(functions.int($0)) }, type)
      }
      let type: DType = array.dtype.isFloat ? array.dtype : .float64
      let numbers = try array.doubles().map { functions.float($0) }
      return NDArray(array.shape, floats: NDArray.rounded(numbers, type), type)
    }
    if let test = tests[name] {
      return NDArray(array.shape, ints: try array.doubles().map { test($0) ? 1 : 0 }, .bool)
    }
    return nil
  }
}

extension NDArray {
  /// `-a`, `+a`, `~a`.
  func unary(_ symbol: UnaryOperator) throws(ArrayProblem) -> NDArray {
    guard dtype.isNumber else {
      throw ArrayProblem("TypeError", "bad operand type for an array of \(dtype.name)")
    }
    switch symbol {
    case .negative:
      if dtype == .bool {
        throw ArrayProblem(
          "TypeError", "The numpy boolean negative, the `-` operator, is not supported",
          remedy: "use ~ or logical_not")
      }
      return dtype.isFloat
        ? NDArray(shape, floats: floats().map { -$0 }, dtype)
        : NDArray(shape, ints: ints().map { dtype.wrapped(0 &- $0) }, dtype)
    case .invert:
      guard dtype.kind == .int else {
        throw ArrayProblem("TypeError", "ufunc 'invert' not supported for \(dtype.name)")
      }
      return NDArray(
        shape, ints: ints().map { dtype == .bool ? 1 - $0 : dtype.wrapped(~$0) }, dtype)
    default: return copied()
    }
  }

  /// Rounds to decimal places, halves to even.
  func rounded(toPlaces places: Int) throws(ArrayProblem) -> NDArray {
    if dtype.kind == .int {
      guard places < 0 else { return copied() }
      let unit = IntegerArithmetic.power(10, min(-places, 18))
      let numbers = ints().map { value -> Int in
        let scaled = (Double(value) / Double(unit)).rounded(.toNearestOrEven)
        return dtype.wrapped((Int(exactly: scaled) ?? 0) &* unit)
      }
      return NDArray(shape, ints: numbers, dtype)
    }
    let unit = pow(10, Double(min(places.magnitude, 300)))
    // As NumPy does: scale, round, scale back, in the precision of the type.
    let type: DType = dtype.isFloat ? dtype : .float64
    let numbers = try doubles().map { value -> Double in
      if places == 0 { return value.rounded(.toNearestOrEven) }
      guard value.isFinite else { return value }
      if places > 0 {
        return type.rounded(type.rounded(value * unit).rounded(.toNearestOrEven) / unit)
      }
      return type.rounded(type.rounded(value / unit).rounded(.toNearestOrEven) * unit)
    }
    return NDArray(shape, floats: NDArray.rounded(numbers, type), type)
  }
}
