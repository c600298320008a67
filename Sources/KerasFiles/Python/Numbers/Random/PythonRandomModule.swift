#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `random.Random(seed)`, and the functions of the module `random`.
final class PythonRandomObject: NativeObject {
  /// Whether it draws from the state that the module's functions share.
  private let isShared: Bool
  private var own: PythonRandom

  init(_ own: PythonRandom?) {
    isShared = own == nil
    self.own = own ?? PythonRandom(seed: 0)
  }

  var typeName: String { "Random" }

  private func draw<Result>(_ evaluator: Evaluator, _ body: (inout PythonRandom) throws -> Result)
    rethrows -> Result
  { try isShared ? body(&evaluator.randomness.python) : body(&own) }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    guard let body = Self.methods[name] else { return nil }
    return .builtin(
      Builtin("random.\(name)") { [self] evaluator, arguments in
        try evaluator.arrays {
          let call = ArrayCall(name: name, evaluator: evaluator, arguments: arguments)
          return try draw(evaluator) { try body(call, &$0) }
        }
      })
  }

  private typealias Body = (ArrayCall, inout PythonRandom) throws -> Value

  /// The names of the functions.
  static var names: [String] { Array(methods.keys) }

  nonisolated(unsafe) private static let methods: [String: Body] = [
    "seed": { call, random in
      random = try seeded(by: call.value(0, "a"), in: call.evaluator)
      return .none
    },
    "random": { _, random in .float(random.random()) },
    "uniform": { call, random in
      guard let a = try call.double(0, "a"), let b = try call.double(1, "b") else {
        throw ArrayProblem("TypeError", "uniform() takes two numbers")
      }
      return .float(a + (b - a) * random.random())
    },
    "randint": { call, random in
      guard let a = try call.int(0, "a"), let b = try call.int(1, "b") else {
        throw ArrayProblem("TypeError", "randint() takes two whole numbers")
      }
      let size = b.subtractingReportingOverflow(a)
      guard !size.overflow, size.partialValue >= 0, size.partialValue < .max else {
        throw ArrayProblem("ValueError", "empty range in randint(\(a), \(b))")
      }
      return .int(a + random.below(size.partialValue + 1))
    },
    "randrange": { call, random in
      let start = try call.int(0, "start") ?? 0
      let stop = try call.int(1, "stop")
      let range = RangeValue(
        start: stop == nil ? 0 : start, stop: stop ?? start, step: try call.int(2, "step") ?? 1)
      guard range.step != 0 else {
        throw ArrayProblem("ValueError", "zero step for randrange()")
      }
      guard range.count > 0 else { throw ArrayProblem("ValueError", "empty range for randrange()") }
      return .int(range[random.below(range.count)])
    },
    "choice": { call, random in
      let rows = try population(call)
      guard !rows.isEmpty else {
        throw ArrayProblem("IndexError", "Cannot choose from an empty sequence")
      }
      return rows[random.below(rows.count)]
    },
    "choices": { call, random in
      let rows = try population(call)
      let count = try call.int(.max, "k") ?? 1
      try call.evaluator.charge(max(count, 0))
      guard !rows.isEmpty else {
        throw ArrayProblem("IndexError", "Cannot choose from an empty sequence")
      }
      var sums = try call.value(.max, "cum_weights").map { try numbers(of: $0, call) }
      if let weights = try call.value(1, "weights").map({ try numbers(of: $0, call) }) {
        var total = 0.0
        sums = weights.map {
          total += $0
          return total
        }
      }
      guard let sums else {
        return try call.evaluator.list(
          (0..<max(count, 0)).map { _ in
            rows[min(Int(random.random() * Double(rows.count)), rows.count - 1)]
          })
      }
      guard sums.count == rows.count, let total = sums.last, total > 0 else {
        throw ArrayProblem("ValueError", "the weights must be as many as the elements, and above 0")
      }
      return try call.evaluator.list(
        (0..<max(count, 0)).map { _ in
          let number = random.random() * total
          var (low, high) = (0, rows.count - 1)
          while low < high {
            let middle = (low + high) / 2
            if number < sums[middle] { high = middle } else { low = middle + 1 }
          }
          return rows[low]
        })
    },
    "sample": { call, random in
      let rows = try population(call)
      guard let count = try call.int(1, "k"), count >= 0, count <= rows.count else {
        throw ArrayProblem("ValueError", "Sample larger than population or is negative")
      }
      return try call.evaluator.list(random.sample(count, of: rows.count).map { rows[$0] })
    },
    "shuffle": { call, random in
      switch try call.required(0, "x") {
      case .list(let list): random.shuffle(&list.elements)
      case .array(let array):
        guard let numbers = array.numbers, numbers.rank > 0 else {
          throw ArrayProblem("TypeError", "shuffle() takes a list")
        }
        var order = Array(0..<numbers.shape[0])
        random.shuffle(&order)
        try numbers.assign(numbers.taking(order, axis: 0))
      case let other:
        throw ArrayProblem(
          "TypeError",
          "'\(call.evaluator.typeName(of: other))' object does not support item assignment")
      }
      return .none
    },
    "getrandbits": { call, random in
      let count = try call.int(0, "k") ?? 0
      guard (0...63).contains(count) else {
        throw ArrayProblem("ValueError", "getrandbits() takes up to 63 bits here")
      }
      return .int(random.bits(count))
    },
    "gauss": { call, random in
      .float(random.gauss(try call.double(0, "mu") ?? 0, try call.double(1, "sigma") ?? 1))
    },
    "normalvariate": { call, random in
      .float(random.normal(try call.double(0, "mu") ?? 0, try call.double(1, "sigma") ?? 1))
    },
    "lognormvariate": { call, random in
      .float(exp(random.normal(try call.double(0, "mu") ?? 0, try call.double(1, "sigma") ?? 1)))
    },
    "expovariate": { call, random in
      .float(-log(1 - random.random()) / (try call.double(0, "lambd") ?? 1))
    },
    "triangular": { call, random in
      .float(
        random.triangular(
          try call.double(0, "low") ?? 0, try call.double(1, "high") ?? 1,
          try call.double(2, "mode")))
    },
  ]

  private static func population(_ call: ArrayCall) throws -> [Value] {
    // Nothing else: an iterator's own code might draw from the state that is in use here.
    let source = try call.required(0, "seq")
    switch source {
    case .list, .tuple, .string, .bytes, .range, .array:
      if let elements = try call.evaluator.elements(of: source) { return elements }
    default: break
    }
    throw ArrayProblem(
      "TypeError",
      "random.\(call.name)() takes a sequence, not '\(call.evaluator.typeName(of: source))'",
      remedy: "make a list of it first")
  }

  private static func numbers(of value: Value, _ call: ArrayCall) throws -> [Double] {
    try call.evaluator.ndarray(from: value).doubles()
  }

  /// A state as `random.seed(value)` makes it.
  static func seeded(by value: Value?, in evaluator: Evaluator) throws -> PythonRandom {
    switch value {
    case nil, Value.none?: return PythonRandom(seed: evaluator.randomness.freshSeed())
    case .string(let text)?: return PythonRandom(seed: Array(text.utf8))
    case .bytes(let bytes)?: return PythonRandom(seed: bytes)
    case let value?:
      if let number = value.intValue { return PythonRandom(seed: UInt64(number.magnitude)) }
      if let number = value.doubleValue.flatMap(Int.init(exactly:)) {
        return PythonRandom(seed: UInt64(number.magnitude))
      }
      throw ArrayProblem(
        "TypeError", "random.seed() takes a whole number or a text here",
        remedy: "use a whole number")
    }
  }
}

extension Evaluator {
  /// The module `random` of a run.
  func runningPythonRandomModule() -> Module {
    let shared = PythonRandomObject(nil)
    return Module("random", names: { PythonRandomObject.names }) { [unowned self] name in
      if name == "Random" || name == "SystemRandom" {
        return .builtin(
          Builtin(name) { evaluator, arguments in
            try evaluator.arrays {
              .native(
                PythonRandomObject(
                  try PythonRandomObject.seeded(by: arguments.positional.first, in: evaluator)))
            }
          })
      }
      return try? shared.attribute(name, in: self)
    }
  }
}
