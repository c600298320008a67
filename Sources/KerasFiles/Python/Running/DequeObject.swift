/// `collections.deque`.
final class DequeObject: NativeObject {
  private var values: [Value] = []
  private let limit: Int?

  init(limit: Int?) { self.limit = limit.map { max($0, 0) } }

  var typeName: String { "deque" }

  func append(_ value: Value, in evaluator: Evaluator) throws {
    try evaluator.charge(1)
    values.append(value)
    if let limit, values.count > limit { values.removeFirst() }
  }

  func elements(in evaluator: Evaluator) throws -> [Value]? { values }

  func item(_ index: Value, in evaluator: Evaluator) throws -> Value? {
    guard let place = index.intValue else { return nil }
    let position = place < 0 ? place + values.count : place
    guard values.indices.contains(position) else {
      throw evaluator.raise("IndexError", "deque index out of range")
    }
    return values[position]
  }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    func method(_ body: @escaping (Evaluator, [Value]) throws -> Value) -> Value {
      .builtin(Builtin(name) { try body($0, $1.positional) })
    }
    switch name {
    case "append":
      return method { evaluator, given in
        try self.append(given.first ?? .none, in: evaluator)
        return .none
      }
    case "appendleft":
      return method { evaluator, given in
        try evaluator.charge(1)
        self.values.insert(given.first ?? .none, at: 0)
        if let limit = self.limit, self.values.count > limit { self.values.removeLast() }
        return .none
      }
    case "extend":
      return method { evaluator, given in
        for value in try evaluator.elements(of: given.first ?? .none) ?? [] {
          try self.append(value, in: evaluator)
        }
        return .none
      }
    case "pop", "popleft":
      return method { evaluator, _ in
        guard !self.values.isEmpty else {
          throw evaluator.raise("IndexError", "pop from an empty deque")
        }
        return name == "pop" ? self.values.removeLast() : self.values.removeFirst()
      }
    case "clear":
      return method { _, _ in
        self.values = []
        return .none
      }
    case "rotate":
      return method { _, given in
        let count = self.values.count
        guard count > 0 else { return .none }
        let shift = IntegerArithmetic.modulo(given.first?.intValue ?? 1, count)
        self.values = Array(self.values.suffix(shift) + self.values.prefix(count - shift))
        return .none
      }
    case "maxlen": return limit.map { .int($0) } ?? Value.none
    default: return nil
    }
  }

  func text(isRepresentation: Bool, in evaluator: Evaluator) -> String? {
    let shown = values.map { evaluator.representation(of: $0, depth: 1) }.joined(separator: ", ")
    return "deque([\(shown)]" + (limit.map { ", maxlen=\($0)" } ?? "") + ")"
  }
}
