extension Evaluator {
  /// `abs`, `round`, `sum`, `max` and the like.
  func defineNumbers(_ define: Define) {
    define("abs", false) { evaluator, arguments in
      let value = arguments.positional.first ?? .none
      if case .array(let array) = value {
        guard let numbers = array.numbers else { return value }
        return .numbers(try UnaryFunctions.apply("abs", to: numbers) ?? numbers)
      }
      if case .scalar(let scalar) = value {
        return .numbers(try UnaryFunctions.apply("abs", to: NDArray(scalar)) ?? NDArray(scalar))
      }
      if case .native(let object) = value,
        let result = try object.attribute("__abs__", in: evaluator)
      {
        return try evaluator.call(result, CallArguments())
      }
      if let number = value.intValue {
        return number == .min ? evaluator.tooLarge() : .int(Swift.abs(number))
      }
      guard let number = value.doubleValue else {
        throw evaluator.raise("TypeError", "bad operand type for abs()")
      }
      return .float(Swift.abs(number))
    }
    define("round", false) { evaluator, arguments in
      guard let value = arguments.positional.first, let number = value.doubleValue else {
        if evaluator.isRunning {
          let name = evaluator.typeName(of: arguments.positional.first ?? .none)
          throw evaluator.raise(
            "TypeError", "type \(name) doesn't define __round__ method",
            remedy: name == "ndarray" ? "use np.round()" : "")
        }
        return evaluator.unknown(nil, "its number is not known")
      }
      if case .scalar(let scalar) = value, let digits = arguments.value(1, "ndigits")?.intValue {
        return .numbers(try NDArray(scalar).rounded(toPlaces: digits))
      }
      if arguments.value(1, "ndigits")?.intValue == nil, evaluator.isRunning, !number.isFinite {
        throw evaluator.raise(
          number.isNaN ? "ValueError" : "OverflowError",
          "cannot convert float \(number.isNaN ? "NaN" : "infinity") to integer")
      }
      guard let digits = arguments.value(1, "ndigits")?.intValue else {
        if let whole = value.intValue { return .int(whole) }
        let rounded = number.rounded(.toNearestOrEven)
        return Int(exactly: rounded).map { .int($0) } ?? evaluator.tooLarge()
      }
      if let whole = value.intValue {
        guard digits < 0 else { return .int(whole) }
        let unit = (0..<min(-digits, 19)).reduce(1.0) { power, _ in power * 10 }
        let rounded = (Double(whole) / unit).rounded(.toNearestOrEven) * unit
        return Int(exactly: rounded).map { .int($0) } ?? evaluator.tooLarge()
      }
      if digits < 0, evaluator.isRunning {
        let unit = (0..<min(-digits, 308)).reduce(1.0) { power, _ in power * 10 }
        return .float((number / unit).rounded(.toNearestOrEven) * unit)
      }
      return .float(
        Double(try evaluator.format(.float(number), ".\(max(0, min(digits, 300)))f")) ?? number)
    }
    define("divmod", false) { evaluator, arguments in
      guard arguments.positional.count == 2 else {
        throw evaluator.raise("TypeError", "divmod() takes two numbers")
      }
      let (a, b) = (arguments.positional[0], arguments.positional[1])
      return try evaluator.tuple([
        try evaluator.binary(.floorDivide, a, b), try evaluator.binary(.modulo, a, b),
      ])
    }
    define("pow", false) { evaluator, arguments in
      guard arguments.positional.count == 2 else {
        return try evaluator.modularPower(arguments)
      }
      return try evaluator.binary(.power, arguments.positional[0], arguments.positional[1])
    }
    for (name, radix, prefix) in [("bin", 2, "0b"), ("oct", 8, "0o"), ("hex", 16, "0x")] {
      define(name, false) { _, arguments in
        let number = arguments.positional.first?.intValue ?? 0
        return .string((number < 0 ? "-" : "") + prefix + String(number.magnitude, radix: radix))
      }
    }
    define("chr", false) { evaluator, arguments in
      guard
        let scalar = Unicode.Scalar(UInt32(clamping: arguments.positional.first?.intValue ?? -1))
      else { throw evaluator.raise("ValueError", "chr() arg not in range(0x110000)") }
      return .string(String(scalar))
    }
    define("ord", false) { evaluator, arguments in
      guard let text = arguments.positional.first?.stringValue,
        let scalar = text.unicodeScalars.first
      else { throw evaluator.raise("TypeError", "ord() takes one character") }
      return .int(Int(scalar.value))
    }
    define("sum", true) { try $0.sum($1) }
    define("min", true) { try $0.extreme($1, isMaximum: false) }
    define("max", true) { try $0.extreme($1, isMaximum: true) }
  }

  private func sum(_ arguments: CallArguments) throws -> Value {
    guard let source = arguments.positional.first else {
      throw raise("TypeError", "sum() takes an iterable")
    }
    if case .array(let array) = source, let numbers = array.numbers, numbers.rank == 1,
      arguments.value(1, "start") == nil, let total = numbers.sumInOrder()
    {
      return total
    }
    guard let elements = try elements(of: source) else { return doubt(about: source) }
    var total = arguments.value(1, "start") ?? .int(0)
    for element in elements {
      try step()
      total = try binary(.add, total, element)
    }
    return total
  }

  func doubt(about source: Value) -> Value {
    if let unknown = source.unknown { return .unknown(unknown.derived(nil)) }
    if case .list(let list) = source, let tail = list.unknownTail { return .unknown(tail) }
    if case .dict(let dict) = source, let tail = dict.unknownTail { return .unknown(tail) }
    if case .set(let set) = source, let tail = set.unknownTail { return .unknown(tail) }
    if case .array(let array) = source, let reason = array.unknown { return .unknown(reason) }
    return unknown(nil, "it is computed from data")
  }

  private func extreme(_ arguments: CallArguments, isMaximum: Bool) throws -> Value {
    var candidates = arguments.positional
    if candidates.count == 1 {
      if case .array(let array) = candidates[0], array.numbers == nil {
        return unknown(nil, "the array's numbers are not known")
      }
      guard let elements = try elements(of: candidates[0]) else {
        return doubt(about: candidates[0])
      }
      candidates = elements
    }
    let key = arguments["key"].flatMap { $0.isNone ? nil : $0 }
    var best: (value: Value, key: Value)?
    for candidate in candidates {
      try step()
      let rank = try key.map { try call($0, CallArguments(positional: [candidate])) } ?? candidate
      if rank.isUnknown { return doubt(about: rank) }
      guard let current = best else {
        best = (candidate, rank)
        continue
      }
      guard let order = try order(rank, current.key) else {
        if isRunning {
          // What is no number is neither less nor greater.
          if rank.doubleValue != nil, current.key.doubleValue != nil { continue }
          throw unordered(rank, current.key)
        }
        return unknown(nil, "these values have no known order")
      }
      if isMaximum ? order > 0 : order < 0 { best = (candidate, rank) }
    }
    if let best { return best.value }
    if let standard = arguments["default"] { return standard }
    throw raise("ValueError", "\(isMaximum ? "max" : "min")() of an empty sequence")
  }
}
