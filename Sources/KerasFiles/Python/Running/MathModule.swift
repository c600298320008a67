#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Evaluator {
  /// What `math` has in a run beyond what a script's reading needs.
  func runningMathMember(_ name: String) -> Value? {
    if let function = MathFunctions.ofOne[name] {
      return mathFunction(name, 1) { evaluator, numbers in
        let result = function(numbers[0])
        if result.isNaN, !numbers[0].isNaN {
          throw evaluator.raise("ValueError", "math domain error")
        }
        if result.isInfinite, numbers[0].isFinite {
          throw MathFunctions.poles.contains(name)
            ? evaluator.raise("ValueError", "math domain error")
            : evaluator.raise("OverflowError", "math range error")
        }
        return .float(result)
      }
    }
    if let function = MathFunctions.ofTwo[name] {
      return mathFunction(name, 2) { evaluator, numbers in
        let result = function(numbers[0], numbers[1])
        if result.isNaN, !numbers[0].isNaN, !numbers[1].isNaN {
          throw evaluator.raise("ValueError", "math domain error")
        }
        return .float(result)
      }
    }
    switch name {
    case "isfinite": return mathFunction(name, 1) { _, numbers in .bool(numbers[0].isFinite) }
    case "modf":
      return mathFunction(name, 1) { evaluator, numbers in
        let whole = numbers[0].rounded(.towardZero)
        return try evaluator.tuple([
          .float(copysign(numbers[0] - whole, numbers[0])), .float(whole),
        ])
      }
    case "frexp":
      return mathFunction(name, 1) { evaluator, numbers in
        guard numbers[0].isFinite, numbers[0] != 0 else {
          return try evaluator.tuple([.float(numbers[0]), .int(0)])
        }
        let exponent = Int(numbers[0].exponent) + 1
        return try evaluator.tuple([
          .float(scalbn(numbers[0], -exponent)), .int(exponent),
        ])
      }
    case "ldexp":
      return mathFunction(name, 2) { _, numbers in
        .float(scalbn(numbers[0], Int(exactly: numbers[1].rounded()) ?? 0))
      }
    case "fsum":
      return .builtin(
        Builtin("math.fsum") { evaluator, arguments in
          let values = try evaluator.elements(of: arguments.positional.first ?? .none) ?? []
          return .float(MathFunctions.exactSum(try values.map { try evaluator.double(from: $0) }))
        })
    case "isclose":
      return .builtin(
        Builtin("math.isclose") { evaluator, arguments in
          let call = ArrayCall(name: name, evaluator: evaluator, arguments: arguments)
          let (a, b) = (try call.double(0, "a") ?? 0, try call.double(1, "b") ?? 0)
          let relative = try call.double(.max, "rel_tol") ?? 1e-9
          let absolute = try call.double(.max, "abs_tol") ?? 0
          if a == b { return .bool(true) }
          if a.isInfinite || b.isInfinite { return .bool(false) }
          return .bool(
            (a - b).magnitude <= max(relative * max(a.magnitude, b.magnitude), absolute))
        })
    case "dist":
      return .builtin(
        Builtin("math.dist") { evaluator, arguments in
          let points = try arguments.positional.map { try evaluator.ndarray(from: $0).doubles() }
          guard points.count == 2, points[0].count == points[1].count else {
            throw evaluator.raise(
              "ValueError", "both points must have the same number of dimensions")
          }
          return .float(zip(points[0], points[1]).reduce(0) { hypot($0, $1.0 - $1.1) })
        })
    case "factorial", "isqrt", "comb", "perm", "gcd", "lcm": return wholeFunction(name)
    default: return nil
    }
  }

  private func mathFunction(
    _ name: String, _ count: Int, _ body: @escaping (Evaluator, [Double]) throws -> Value
  ) -> Value {
    .builtin(
      Builtin("math.\(name)") { evaluator, arguments in
        guard arguments.positional.count == count else {
          throw evaluator.raise(
            "TypeError",
            "math.\(name)() takes \(count) argument\(count == 1 ? "" : "s") "
              + "(\(arguments.positional.count) given)")
        }
        return try body(
          evaluator, try arguments.positional.map { try evaluator.double(from: $0) })
      })
  }

  private func wholeFunction(_ name: String) -> Value {
    .builtin(
      Builtin("math.\(name)") { evaluator, arguments in
        let numbers = arguments.positional.compactMap(\.intValue)
        guard numbers.count == arguments.positional.count, let first = numbers.first else {
          throw evaluator.raise("TypeError", "math.\(name)() takes whole numbers")
        }
        func checked(_ value: (partialValue: Int, overflow: Bool)) -> Int? {
          value.overflow ? nil : value.partialValue
        }
        if ["factorial", "isqrt", "comb", "perm"].contains(name),
          numbers.contains(where: { $0 < 0 })
        {
          throw evaluator.raise("ValueError", "\(name)() not defined for negative values")
        }
        var result: Int? = 1
        switch name {
        case "factorial":
          for factor in 1...max(1, min(first, 21)) {
            result = result.flatMap { checked($0.multipliedReportingOverflow(by: factor)) }
          }
        case "isqrt":
          var root = Int(Double(first).squareRoot())
          while checked(root.multipliedReportingOverflow(by: root)).map({ $0 > first }) ?? true {
            root -= 1
          }
          while checked((root + 1).multipliedReportingOverflow(by: root + 1)).map({ $0 <= first })
            ?? false
          { root += 1 }
          result = root
        case "comb", "perm":
          let chosen = numbers.count > 1 ? numbers[1] : first
          if chosen > first { return .int(0) }
          let count = name == "comb" ? min(chosen, first - chosen) : chosen
          for index in 0..<min(count, 70) {
            result = result.flatMap { checked($0.multipliedReportingOverflow(by: first - index)) }
            if name == "comb" { result = result.map { $0 / (index + 1) } }
          }
          if count > 70 { result = nil }
        case "gcd":
          result = numbers.reduce(0) { IntegerArithmetic.greatestCommonDivisor($0, $1) }
        default:
          for number in numbers {
            guard number != 0 else { return .int(0) }
            result = result.flatMap { total in
              let divisor = IntegerArithmetic.greatestCommonDivisor(total, number)
              return checked(
                (total / max(divisor, 1)).multipliedReportingOverflow(
                  by: Int(clamping: number.magnitude)))
            }
          }
        }
        return result.map { .int($0) } ?? evaluator.tooLarge()
      })
  }
}

/// Functions of `math` by name.
enum MathFunctions {
  nonisolated(unsafe) static let ofOne: [String: (Double) -> Double] = [
    "asin": { asin($0) }, "acos": { acos($0) }, "atan": { atan($0) }, "sinh": { sinh($0) },
    "cosh": { cosh($0) }, "asinh": { asinh($0) }, "acosh": { acosh($0) }, "atanh": { atanh($0) },
    "expm1": { expm1($0) }, "erf": { erf($0) }, "erfc": { erfc($0) }, "gamma": { tgamma($0) },
    "lgamma": { lgamma($0) }, "cbrt": { cbrt($0) }, "exp2": { exp2($0) },
    "sqrt": { $0.squareRoot() }, "exp": { exp($0) }, "log2": { log2($0) }, "log10": { log10($0) },
    "log1p": { log1p($0) }, "ulp": { $0.magnitude.ulp },
  ]
  /// Those whose infinite values are poles.
  static let poles: Set<String> = ["log2", "log10", "log1p", "atanh", "gamma", "lgamma"]
  nonisolated(unsafe) static let ofTwo: [String: (Double, Double) -> Double] = [
    "atan2": { atan2($0, $1) }, "hypot": { hypot($0, $1) }, "fmod": { fmod($0, $1) },
    "copysign": { copysign($0, $1) }, "remainder": { remainder($0, $1) },
    "nextafter": { nextafter($0, $1) },
  ]

  /// A sum without rounding on the way (Shewchuk).
  static func exactSum(_ numbers: [Double]) -> Double {
    var parts: [Double] = []
    for number in numbers {
      var x = number
      var kept: [Double] = []
      for part in parts {
        let (large, small) = x.magnitude < part.magnitude ? (part, x) : (x, part)
        let sum = large + small
        let rest = small - (sum - large)
        if rest != 0 { kept.append(rest) }
        x = sum
      }
      parts = kept + [x]
    }
    return parts.reduce(0, +)
  }
}
