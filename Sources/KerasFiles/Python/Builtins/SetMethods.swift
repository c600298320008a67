/// The methods of `set`; the set is the first argument.
enum SetMethods {
  static func method(_ name: String) -> Builtin.Body? {
    switch name {
    case "add":
      return with { evaluator, set, values in
        if let value = values.first { try evaluator.add(value, to: set) }
        return .none
      }
    case "discard", "remove":
      return with { _, set, values in
        if let value = values.first, let key = HashKey(value) {
          set.members.removeValue(forKey: key)
        }
        return .none
      }
    case "update":
      return with { evaluator, set, values in
        for value in values {
          guard let elements = try evaluator.elements(of: value) else {
            set.unknownTail = evaluator.doubt(about: value).unknown
            continue
          }
          for element in elements { try evaluator.add(element, to: set) }
        }
        return .none
      }
    case "copy": return with { evaluator, set, _ in try evaluator.set(Array(set.members.values)) }
    case "clear":
      return with { _, set, _ in
        set.members = [:]
        return .none
      }
    case "union": return combining(.bitOr)
    case "intersection": return combining(.bitAnd)
    case "difference": return combining(.subtract)
    case "symmetric_difference": return combining(.bitXor)
    case "issubset", "issuperset":
      return with { evaluator, set, values in
        guard let value = values.first, let elements = try evaluator.elements(of: value) else {
          return evaluator.doubt(about: values.first ?? .none)
        }
        let other = Set(elements.compactMap { HashKey($0) })
        let own = Set(set.members.keys)
        return .bool(name == "issubset" ? own.isSubset(of: other) : own.isSuperset(of: other))
      }
    default: return nil
    }
  }

  private static func with(
    _ body: @escaping (Evaluator, SetObject, [Value]) throws -> Value
  ) -> Builtin.Body {
    { evaluator, arguments in
      guard case .set(let set)? = arguments.positional.first else { return .none }
      return try body(evaluator, set, Array(arguments.positional.dropFirst()))
    }
  }

  private static func combining(_ symbol: BinaryOperator) -> Builtin.Body {
    with { evaluator, set, values in
      var result = set
      for value in values {
        guard let elements = try evaluator.elements(of: value) else {
          return evaluator.doubt(about: value)
        }
        guard case .set(let other) = try evaluator.set(elements),
          case .set(let next)? = try evaluator.sets(symbol, result, other)
        else { return .none }
        result = next
      }
      return .set(result)
    }
  }
}
