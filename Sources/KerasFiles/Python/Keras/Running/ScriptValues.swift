import Neural

/// Values of a script as models compute with them, and back.
extension Evaluator {
  /// The numbers of an array, a list, a number, a weight; `name` is what messages call it.
  func tensor(from value: Value, for name: String) throws -> Tensor {
    if let unknown = value.unknown { throw fault(needing: name, unknown) }
    return try arrays {
      let array = try ndarray(from: value)
      guard array.dtype.isNumber else {
        throw fault(
          "\(name) holds "
            + (array.dtype == .string ? "texts" : "'\(typeName(of: value))' values of no one shape")
            + ", but a model computes with numbers",
          remedy: array.dtype == .string
            ? "make numbers of them, one for each text" : "pad it to one shape: pad_sequences(…)")
      }
      return try array.tensor()
    }
  }

  /// The numbers of each array of a list.
  func tensors(from value: Value, for name: String) throws -> [Tensor] {
    guard let elements = try elements(of: value) else {
      throw fault("\(name) is a list of arrays, found '\(typeName(of: value))'", type: "TypeError")
    }
    return try elements.map { try tensor(from: $0, for: name) }
  }

  /// A tensor as an array of 32-bit floats, one without axes as a number.
  func value(of tensor: Tensor) throws -> Value { .numbers(NDArray(tensor)) }

  /// The number of a value; `nil` where it is none.
  func number(from value: Value) throws -> Double? {
    if let number = value.doubleValue { return number }
    switch value {
    case .array(let array):
      guard let numbers = array.numbers, numbers.count == 1, numbers.dtype.isNumber else {
        return nil
      }
      return try arrays { try numbers.doubles()[0] }
    case .native(let object):
      guard let numbers = try object.numbers(in: self), numbers.count == 1 else { return nil }
      return try arrays { try numbers.doubles()[0] }
    default: return nil
    }
  }

  /// A whole number of at least 1; `nil` where there is none or `None`.
  func positive(_ value: Value?, _ name: String) throws -> Int? {
    guard let value, !value.isNone else { return nil }
    if let unknown = value.unknown { throw fault(needing: name, unknown) }
    guard let number = try number(from: value), let whole = Int(exactly: number) else {
      throw fault(
        "\(name) is a whole number, found \(representation(of: value))", type: "TypeError")
    }
    guard whole > 0 else { throw fault("\(name) is \(whole), but has to be at least 1") }
    return whole
  }

  /// `verbose`: 0 nothing, 1 a bar, 2 a line; `"auto"` is 1.
  func verbosity(_ value: Value?) throws -> Int {
    guard let value, !value.isNone else { return 1 }
    if value.stringValue == "auto" { return 1 }
    if case .bool(let flag) = value { return flag ? 1 : 0 }
    return try number(from: value).flatMap { Int(exactly: $0) } ?? 1
  }

  /// Ends the run where a person pressed Ctrl-C: a `KeyboardInterrupt`, which a script may catch.
  func checkInterruption() throws {
    guard let run = keras.run, !run.hasBeenInterrupted, run.isInterrupted() else { return }
    // A script that catches it goes on.
    run.hasBeenInterrupted = true
    throw raise("KeyboardInterrupt", "")
  }

  /// Whether what the script writes goes to a terminal.
  var outputIsTerminal: Bool { keras.run?.isTerminal ?? false }

  /// The columns of that terminal.
  var outputColumns: Int { keras.run?.columns ?? 80 }

  /// The variables of the script that hold these arrays, lists and dicts looked into.
  func names(of values: [Value]) -> [String] {
    let frames = [frame, globals]
    var names: [String] = []
    func visit(_ value: Value, _ depth: Int) {
      switch value {
      case .array(let array):
        guard let numbers = array.numbers else { return }
        for frame in frames {
          let name = frame.variables.filter { entry in
            if case .array(let other) = entry.value { other.numbers === numbers } else { false }
          }.keys.min()
          if let name {
            if !names.contains(name) { names.append(name) }
            return
          }
        }
      case .list, .tuple:
        guard depth < 4 else { return }
        for element in (value.sequence ?? []).prefix(32) { visit(element, depth + 1) }
      case .dict(let dict):
        guard depth < 4 else { return }
        for member in dict.members.values.prefix(32) { visit(member.value, depth + 1) }
      default: return
      }
    }
    for value in values { visit(value, 0) }
    return names
  }
}
