extension Evaluator {
  /// `target += operand` in a run: what stands in front of the brackets or the dot is worked out
  /// once, and what can change itself does.
  func runAugment(_ target: Expression, _ symbol: BinaryOperator, _ operand: Value) throws {
    switch target.node {
    case .subscripted(let base, let index):
      let object = try value(of: base)
      let key = try value(of: index)
      location = target.location
      let current = try item(key, of: object, in: target)
      try setItem(key, of: object, to: try augmented(current, symbol, operand))
    case .attribute(let base, let name):
      let object = try value(of: base)
      location = target.location
      let current = try attribute(name, of: object, in: target)
      try setAttribute(name, of: object, to: try augmented(current, symbol, operand))
    default:
      let current = try value(of: target)
      location = target.location
      try assign(try augmented(current, symbol, operand), to: target)
    }
  }

  /// What an augmented operator makes of a value: lists, sets, dicts and arrays stay themselves.
  private func augmented(_ current: Value, _ symbol: BinaryOperator, _ operand: Value) throws
    -> Value
  {
    switch (current, symbol) {
    case (.list(let list), .add):
      guard let added = try elements(of: operand) else { return current }
      try charge(added.count)
      list.elements.append(contentsOf: added)
      return current
    case (.list(let list), .multiply):
      if case .list(let repeated) = try binary(symbol, current, operand) {
        list.elements = repeated.elements
      }
      return current
    case (.set(let set), .bitOr), (.set(let set), .bitAnd), (.set(let set), .subtract),
      (.set(let set), .bitXor):
      if !set.isFrozen, case .set(let result) = try binary(symbol, current, operand) {
        set.members = result.members
        return current
      }
    case (.dict(let dict), .bitOr):
      try update(dict, with: operand)
      return current
    case (.array, _):
      if try augmentArray(current, symbol, operand) { return current }
    case (.instance, _):
      if let method = try attributeIfPresent("__i\(symbol.method)__", of: current),
        !method.isUnknown
      {
        return try call(method, CallArguments(positional: [operand]))
      }
    default: break
    }
    return try binary(symbol, current, operand)
  }
}
