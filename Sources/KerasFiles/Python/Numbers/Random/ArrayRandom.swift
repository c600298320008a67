#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `numpy.random` itself, a `RandomState`, or what `default_rng` makes: the functions that draw.
final class ArrayRandom<Bits: RandomBits>: NativeObject {
  var bits: Bits

  init(_ bits: Bits) { self.bits = bits }

  var typeName: String { Bits.self == ModernRandom.self ? "Generator" : "RandomState" }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    guard let body = method(name) else { return nil }
    return .builtin(
      Builtin(name) { evaluator, arguments in
        try evaluator.arrays {
          try body(ArrayCall(name: name, evaluator: evaluator, arguments: arguments))
        }
      })
  }

  private typealias Body = (ArrayCall) throws -> Value

  private func method(_ name: String) -> Body? {
    if let own = ownMethod(name) { return own }
    switch name {
    case "standard_normal":
      return { [self] in try draw($0, size: 0) { bits.normal() } }
    case "normal", "lognormal":
      return { [self] call in
        try draw(
          call, [("loc", 0), ("scale", 1)], renamed: name == "lognormal" ? ["mean", "sigma"] : []
        ) { values in
          guard values[1] >= 0 else { throw ArrayProblem("ValueError", "scale < 0") }
          let value = values[0] + values[1] * bits.normal()
          return name == "normal" ? value : exp(value)
        }
      }
    case "uniform":
      return { [self] call in
        try draw(call, [("low", 0), ("high", 1)]) { values in
          let range = values[1] - values[0]
          guard range.isFinite else {
            throw ArrayProblem("OverflowError", "Range exceeds valid bounds")
          }
          return values[0] + range * bits.nextDouble()
        }
      }
    case "exponential":
      return { [self] call in
        try draw(call, [("scale", 1)]) { values in values[0] * bits.exponential() }
      }
    case "standard_exponential": return { [self] in try draw($0, size: 0) { bits.exponential() } }
    case "laplace":
      return { [self] call in
        try draw(call, [("loc", 0), ("scale", 1)]) { values in
          while true {
            let u = bits.nextDouble()
            if u >= 0.5 { return values[0] - values[1] * log(2 - u - u) }
            if u > 0 { return values[0] + values[1] * log(u + u) }
          }
        }
      }
    case "logistic":
      return { [self] call in
        try draw(call, [("loc", 0), ("scale", 1)]) { values in
          var u = bits.nextDouble()
          while u == 0 { u = bits.nextDouble() }
          return values[0] + values[1] * log(u / (1 - u))
        }
      }
    case "gumbel":
      return { [self] call in
        try draw(call, [("loc", 0), ("scale", 1)]) { values in
          var u = 1 - bits.nextDouble()
          while u >= 1 { u = 1 - bits.nextDouble() }
          return values[0] - values[1] * log(-log(u))
        }
      }
    case "binomial":
      return { [self] call in
        try draw(call, [("n", nil), ("p", nil)], type: .int64) { values in
          guard let trials = Int(exactly: values[0]), trials >= 0, trials <= 1 << 30,
            (0...1).contains(values[1])
          else { throw ArrayProblem("ValueError", "n < 0, p < 0 or p > 1") }
          return Double(bits.binomial(trials, values[1]))
        }
      }
    case "poisson":
      return { [self] call in
        try draw(call, [("lam", 1)], type: .int64) { values in
          guard values[0] >= 0, values[0] < 9.2e18 else {
            throw ArrayProblem("ValueError", "lam < 0 or lam value too large")
          }
          return Double(bits.poisson(values[0]))
        }
      }
    case "shuffle": return { [self] in try shuffle($0) }
    case "permutation": return { [self] in try permutation($0) }
    case "choice": return { [self] in try choice($0) }
    case "get_state", "set_state", "bit_generator", "multivariate_normal", "beta", "gamma",
      "standard_t", "chisquare", "dirichlet", "multinomial", "geometric", "weibull", "triangular",
      "standard_gamma", "standard_cauchy", "hypergeometric", "zipf", "pareto", "rayleigh",
      "vonmises", "wald", "f", "negative_binomial", "bytes", "spawn", "permuted", "power":
      return { _ in
        throw ArrayProblem(
          "NotImplementedError", "numpy.random's \(name) is not supported",
          remedy: "use normal, uniform, integers, choice, binomial, poisson or exponential")
      }
    default: return nil
    }
  }

  // MARK: Drawing

  /// One number, or an array of them.
  func draw(_ call: ArrayCall, size index: Int, _ next: () -> Double) throws -> Value {
    guard let shape = try call.ints(index, "size") else { return .float(next()) }
    return .array(ArrayValue(try filled(shape, next)))
  }

  func filled(_ shape: [Int], _ next: () -> Double) throws -> NDArray {
    let count = try NDArray.checkedCount(shape)
    let numbers = Array<Double>(unsafeUninitializedCapacity: count) { out, initialized in
      for index in 0..<count { out[index] = next() }
      initialized = count
    }
    return NDArray(shape, floats: numbers)
  }

  /// Numbers of a distribution whose parameters may be arrays.
  private func draw(
    _ call: ArrayCall, _ parameters: [(name: String, standard: Double?)], renamed: [String] = [],
    type: DType = .float64, _ next: ([Double]) throws -> Double
  ) throws -> Value {
    var arrays: [NDArray] = []
    for (index, parameter) in parameters.enumerated() {
      let name = renamed.isEmpty ? parameter.name : renamed[index]
      if let standard = parameter.standard, call.value(index, name) == nil {
        arrays.append(NDArray([], floats: [standard]))
      } else {
        arrays.append(try call.array(index, name))
      }
    }
    let given = try call.ints(parameters.count, "size")
    let isSingle = arrays.allSatisfy { $0.rank == 0 }
    let shape = try given ?? NDArray.broadcastShape(of: arrays)
    let count = try NDArray.checkedCount(shape)
    var numbers: [Double] = []
    numbers.reserveCapacity(count)
    if isSingle {
      let values = try arrays.map { try $0.doubles()[0] }
      for _ in 0..<count { numbers.append(try next(values)) }
    } else {
      let columns = try arrays.map { array -> [Double] in
        guard let wide = array.broadcast(to: shape) else {
          throw NDArray.mismatch([array.shape, shape])
        }
        return try wide.doubles()
      }
      for index in 0..<count { numbers.append(try next(columns.map { $0[index] })) }
    }
    if given == nil, isSingle, !numbers.isEmpty {
      return type == .int64 ? .int(type.integer(numbers[0])) : .float(numbers[0])
    }
    let array = NDArray(shape, floats: numbers)
    return .array(ArrayValue(type == .float64 ? array : try array.converted(to: type)))
  }

  /// Whole numbers from `low` to `high`, both included.
  func integers(
    _ low: Int, _ high: Int, _ type: DType, _ shape: [Int]?
  ) throws -> Value {
    guard low <= high else { throw ArrayProblem("ValueError", "low >= high") }
    guard type.kind == .int else {
      throw ArrayProblem("TypeError", "Unsupported dtype dtype('\(type.name)') for randint")
    }
    guard type.bounds.contains(low) else {
      throw ArrayProblem("ValueError", "low is out of bounds for \(type.name)")
    }
    guard type.bounds.contains(high) else {
      throw ArrayProblem("ValueError", "high is out of bounds for \(type.name)")
    }
    let range = UInt64(bitPattern: Int64(high)) &- UInt64(bitPattern: Int64(low))
    let count = try NDArray.checkedCount(shape ?? [])
    let numbers = bits.integers(upTo: range, bytes: type == .bool ? 0 : type.itemSize, count: count)
    let array = NDArray(
      shape ?? [], ints: numbers.map { low &+ Int(truncatingIfNeeded: $0) }, type)
    return shape == nil ? array.element(at: 0) : .array(ArrayValue(array))
  }

  // MARK: Order

  private func shuffle(_ call: ArrayCall) throws -> Value {
    let value = try call.required(0, "x")
    switch value {
    case .list(let list): bits.shuffle(&list.elements)
    case .array(let array):
      guard let numbers = array.numbers, numbers.rank > 0 else {
        throw ArrayProblem("TypeError", "x must be an array of at least one axis")
      }
      var order = Array(0..<numbers.shape[0])
      bits.shuffle(&order)
      try numbers.assign(numbers.taking(order, axis: 0))
    default:
      throw ArrayProblem(
        "TypeError",
        "'\(call.evaluator.typeName(of: value))' object does not support item assignment")
    }
    return .none
  }

  private func permutation(_ call: ArrayCall) throws -> Value {
    let value = try call.required(0, "x")
    if let count = value.intValue {
      try NDArray.checkedCount([max(count, 0)])
      var order = Array(0..<max(count, 0))
      bits.shuffle(&order)
      return .array(ArrayValue(NDArray([order.count], ints: order)))
    }
    let array = try call.evaluator.ndarray(from: value)
    guard array.rank > 0 else {
      throw ArrayProblem("ValueError", "x must be an integer or at least 1-dimensional")
    }
    var order = Array(0..<array.shape[0])
    bits.shuffle(&order)
    return .array(ArrayValue(array.taking(order, axis: 0)))
  }

  // MARK: Choice

  private func choice(_ call: ArrayCall) throws -> Value {
    let source = try call.required(0, "a")
    var pool: NDArray?
    let count: Int
    if let whole = source.intValue {
      count = whole
    } else {
      let array = try call.evaluator.ndarray(from: source)
      guard array.rank > 0 else {
        throw ArrayProblem("ValueError", "a must be a sequence or an integer")
      }
      guard array.rank == 1 || Bits.self == ModernRandom.self else {
        throw ArrayProblem("ValueError", "a must be 1-dimensional")
      }
      pool = array
      count = array.shape[0]
    }
    let shape = try call.ints(1, "size")
    let wanted = try NDArray.checkedCount(shape ?? [])
    guard count > 0 || wanted == 0 else {
      throw ArrayProblem("ValueError", "a cannot be empty unless no samples are taken")
    }
    let replaces = try call.flag(2, "replace") ?? true
    let weights = try call.value(3, "p").map { try call.evaluator.ndarray(from: $0).doubles() }
    if let weights { try check(weights, count) }
    let positions: [Int]
    if replaces {
      if let weights {
        positions = search(weights, draws: wanted)
      } else if count > 0 {
        positions = bits.integers(upTo: UInt64(count - 1), bytes: 8, count: wanted).map { Int($0) }
      } else {
        positions = []
      }
    } else {
      guard wanted <= count else {
        throw ArrayProblem(
          "ValueError", "Cannot take a larger sample than population when 'replace=False'")
      }
      positions =
        try weights.map { try searchDifferent($0, wanted) }
        ?? different(wanted, of: count, isShuffled: try call.flag(.max, "shuffle") ?? true)
    }
    guard let pool else {
      let chosen = NDArray(shape ?? [], ints: positions)
      return shape == nil
        ? (replaces && weights == nil ? .int(positions[0]) : chosen.element(at: 0))
        : .array(ArrayValue(chosen))
    }
    let rows = pool.taking(positions, axis: 0)
    return .numbers(rows.reshapedCopy((shape ?? []) + pool.shape.dropFirst()))
  }

  private func check(_ weights: [Double], _ count: Int) throws(ArrayProblem) {
    guard weights.count == count else {
      throw ArrayProblem("ValueError", "'a' and 'p' must have same size")
    }
    guard weights.allSatisfy({ $0 >= 0 }) else {
      throw ArrayProblem("ValueError", "probabilities are not non-negative")
    }
    let total = weights.reduce(0, +)
    guard (total - 1).magnitude <= 1.5e-8 else {
      throw ArrayProblem("ValueError", "probabilities do not sum to 1")
    }
  }

  private func cumulative(_ weights: [Double]) -> [Double] {
    var total = 0.0
    let sums = weights.map { weight -> Double in
      total += weight
      return total
    }
    return sums.map { $0 / total }
  }

  private func search(_ weights: [Double], draws: Int) -> [Int] {
    let bounds = cumulative(weights)
    return (0..<draws).map { _ in
      let number = bits.nextDouble()
      var (low, high) = (0, bounds.count)
      while low < high {
        let middle = (low + high) / 2
        if bounds[middle] <= number { low = middle + 1 } else { high = middle }
      }
      return min(low, bounds.count - 1)
    }
  }

  /// Draws until enough different positions are found, those found counting no more.
  private func searchDifferent(_ weights: [Double], _ wanted: Int) throws(ArrayProblem) -> [Int] {
    guard weights.filter({ $0 > 0 }).count >= wanted else {
      throw ArrayProblem("ValueError", "Fewer non-zero entries in p than size")
    }
    var weights = weights
    var found: [Int] = []
    while found.count < wanted {
      for place in found { weights[place] = 0 }
      var seen: Set<Int> = []
      for place in search(weights, draws: wanted - found.count) where seen.insert(place).inserted {
        found.append(place)
      }
    }
    return found
  }

  private func different(_ wanted: Int, of count: Int, isShuffled: Bool) -> [Int] {
    if let modern = self as? ArrayRandom<ModernRandom> {
      return modern.bits.sample(wanted, of: count, shuffled: isShuffled)
    }
    var order = Array(0..<count)
    bits.shuffle(&order)
    return Array(order.prefix(wanted))
  }
}
