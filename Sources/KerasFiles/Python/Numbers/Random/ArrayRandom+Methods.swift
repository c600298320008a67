extension ArrayRandom {
  /// What only one of the two generations of generators has.
  func ownMethod(_ name: String) -> ((ArrayCall) throws -> Value)? {
    if let modern = self as? ArrayRandom<ModernRandom> { return modern.modernMethod(name) }
    if let legacy = self as? ArrayRandom<LegacyRandom> { return legacy.legacyMethod(name) }
    return nil
  }
}

extension ArrayRandom<LegacyRandom> {
  fileprivate func legacyMethod(_ name: String) -> ((ArrayCall) throws -> Value)? {
    switch name {
    case "seed":
      return { [self] call in
        bits = try LegacyRandom(seededBy: call.value(0, "seed"), in: call.evaluator)
        return .none
      }
    case "random", "random_sample", "sample", "ranf":
      return { [self] in try draw($0, size: 0) { bits.nextDouble() } }
    case "rand", "randn":
      return { [self] call in
        let shape = try call.arguments.positional.map { try call.evaluator.sizes(from: $0)[0] }
        let next = { [self] in name == "rand" ? bits.nextDouble() : bits.normal() }
        return shape.isEmpty ? .float(next()) : .array(ArrayValue(try filled(shape, next)))
      }
    case "randint", "random_integers":
      return { [self] call in
        let includesEnd = name == "random_integers"
        let first = try call.int(0, "low") ?? 0
        let second = try call.int(1, "high")
        let low = second == nil ? (includesEnd ? 1 : 0) : first
        let high = second ?? first
        guard includesEnd || high > low else { throw ArrayProblem("ValueError", "low >= high") }
        let type = try call.dtype(3)
        let result = try integers(
          low, includesEnd ? high : high - 1, type ?? .int64, try call.ints(2, "size"))
        // Without a type one number is Python's own.
        return type == nil ? result.unscaled : result
      }
    default: return nil
    }
  }
}

extension LegacyRandom {
  /// Seeded as `numpy.random.seed(value)`.
  init(seededBy value: Value?, in evaluator: Evaluator) throws {
    guard let value, !value.isNone else {
      self.init(seed: evaluator.randomness.freshSeed())
      return
    }
    if let number = value.intValue {
      guard let small = UInt32(exactly: number) else {
        throw ArrayProblem("ValueError", "Seed must be between 0 and 2**32 - 1")
      }
      self.init(MersenneTwister(seed: small))
      return
    }
    let words = try evaluator.sizes(from: value).map { number -> UInt32 in
      guard let word = UInt32(exactly: number) else {
        throw ArrayProblem("ValueError", "Seed values must be between 0 and 2**32 - 1")
      }
      return word
    }
    self.init(MersenneTwister(seeds: words))
  }
}

extension ArrayRandom<ModernRandom> {
  fileprivate func modernMethod(_ name: String) -> ((ArrayCall) throws -> Value)? {
    switch name {
    case "random":
      return { [self] call in
        guard try call.dtype(1) == .float32 else {
          return try draw(call, size: 0) { bits.nextDouble() }
        }
        guard let shape = try call.ints(0, "size") else {
          return .scalar(NumPyScalar(bits.nextFloat(), .float32))
        }
        let array = try filled(shape) { bits.nextFloat() }
        return .array(ArrayValue(NDArray(shape, floats: array.floats(), .float32)))
      }
    case "integers":
      return { [self] call in
        let first = try call.int(0, "low") ?? 0
        let second = try call.int(1, "high")
        let (low, high) = second.map { (first, $0) } ?? (0, first)
        let includesEnd = try call.flag(4, "endpoint") ?? false
        guard includesEnd || high > low else { throw ArrayProblem("ValueError", "low >= high") }
        return try integers(
          low, includesEnd ? high : high - 1, try call.dtype(3) ?? .int64, try call.ints(2, "size"))
      }
    default: return nil
    }
  }
}

extension ModernRandom {
  /// Seeded as `numpy.random.default_rng(value)`.
  init(seededBy value: Value?, in evaluator: Evaluator) throws {
    guard let value, !value.isNone else {
      self.init(seed: Randomness.words(evaluator.randomness.freshSeed()))
      return
    }
    let numbers = try evaluator.sizes(from: value)
    guard numbers.allSatisfy({ $0 >= 0 }) else {
      throw ArrayProblem("ValueError", "expected non-negative integer")
    }
    self.init(seed: numbers.flatMap { Randomness.words(UInt64($0)) })
  }
}

extension Evaluator {
  /// `numpy.random` of a run.
  func runningRandomModule() -> Module {
    let names = [
      "seed", "rand", "randn", "random", "randint", "normal", "uniform", "choice", "shuffle",
      "permutation", "default_rng", "RandomState", "standard_normal", "exponential", "binomial",
      "poisson",
    ]
    return Module("numpy.random", names: { names }) { [unowned self] name in
      switch name {
      case "RandomState":
        return .builtin(
          Builtin(name) { evaluator, arguments in
            try evaluator.arrays {
              .native(
                ArrayRandom(
                  try LegacyRandom(seededBy: arguments.value(0, "seed"), in: evaluator)))
            }
          })
      case "default_rng":
        return .builtin(
          Builtin(name) { evaluator, arguments in
            if case .native(let object)? = arguments.value(0, "seed"),
              object is ArrayRandom<ModernRandom>
            {
              return .native(object)
            }
            return try evaluator.arrays {
              .native(
                ArrayRandom(
                  try ModernRandom(seededBy: arguments.value(0, "seed"), in: evaluator)))
            }
          })
      default: return try? randomness.numpy.attribute(name, in: self)
      }
    }
  }
}
