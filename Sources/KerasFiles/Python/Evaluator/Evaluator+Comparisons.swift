extension Evaluator {
  func comparison(
    _ first: Expression, _ rest: [(ComparisonOperator, Expression)]
  ) throws -> Value {
    var left = try value(of: first)
    var result = Value.bool(true)
    for (index, (symbol, expression)) in rest.enumerated() {
      let right = try value(of: expression)
      result = try compare(symbol, left, right)
      // Only a chain asks whether its parts are true.
      if index == rest.count - 1 { return result }
      if try truth(of: result) != true { return result }
      left = right
    }
    return result
  }

  func logical(isAnd: Bool, _ operands: [Expression]) throws -> Value {
    var doubt: Value?
    var last = Value.none
    for operand in operands {
      last = try value(of: operand)
      guard let truth = try truth(of: last) else {
        doubt = doubt ?? last
        continue
      }
      // A known false ends `and`, a known true ends `or`, whatever came before.
      if truth != isAnd { return last }
    }
    return doubt ?? last
  }

  func compare(_ symbol: ComparisonOperator, _ left: Value, _ right: Value) throws -> Value {
    switch symbol {
    case .isSame, .isNotSame:
      guard let same = identical(left, right) else { return left.isUnknown ? left : right }
      return .bool(same == (symbol == .isSame))
    case .isIn, .isNotIn:
      guard let found = try contains(right, left) else {
        return .unknown(
          left.unknown ?? right.unknown ?? Unknown(nil, reason: "it is not known", at: location))
      }
      return .bool(found == (symbol == .isIn))
    default: break
    }
    if case .native(let object) = left, let result = try object.compare(symbol, right, in: self) {
      return result
    }
    if isRunning, isNumPy(left) || isNumPy(right) { return try arrayCompare(symbol, left, right) }
    if symbol == .equal || symbol == .notEqual {
      guard let same = try equal(left, right) else {
        return .unknown(
          left.unknown ?? right.unknown
            ?? Unknown(nil, reason: "the arrays' numbers are not known", at: location))
      }
      return .bool(same == (symbol == .equal))
    }
    if let unknown = left.unknown ?? right.unknown { return .unknown(unknown) }
    if case .set(let a) = left, case .set(let b) = right {
      return .bool(compare(symbol, Set(a.members.keys), Set(b.members.keys)))
    }
    guard let order = try order(left, right) else {
      if case .array(let array) = left { return .array(ArrayValue(array.shape, dtype: "bool")) }
      if case .array(let array) = right { return .array(ArrayValue(array.shape, dtype: "bool")) }
      if left.doubleValue?.isNaN ?? false || right.doubleValue?.isNaN ?? false {
        return .bool(false)
      }
      throw raise(
        "TypeError",
        "'\(symbol.symbol)' not supported between '\(typeName(of: left))' and "
          + "'\(typeName(of: right))'")
    }
    switch symbol {
    case .less: return .bool(order < 0)
    case .lessOrEqual: return .bool(order <= 0)
    case .greater: return .bool(order > 0)
    default: return .bool(order >= 0)
    }
  }

  /// Sets have an order in part: one lies in the other.
  private func compare(
    _ symbol: ComparisonOperator, _ left: Set<HashKey>, _ right: Set<HashKey>
  ) -> Bool {
    switch symbol {
    case .less: left.isStrictSubset(of: right)
    case .lessOrEqual: left.isSubset(of: right)
    case .greater: left.isStrictSuperset(of: right)
    default: left.isSuperset(of: right)
    }
  }

  /// `is`; `nil` where it is not known.
  private func identical(_ left: Value, _ right: Value) -> Bool? {
    switch (left, right) {
    case (.unknown, _), (_, .unknown): return nil
    case (.none, .none), (.ellipsis, .ellipsis): return true
    case (.array(let a), .array(let b)):
      return a.numbers.flatMap { first in b.numbers.map { first === $0 } } ?? false
    case (.bool(let a), .bool(let b)): return a == b
    case (.int(let a), .int(let b)): return a == b
    case (.string(let a), .string(let b)): return a == b
    case (.list(let a), .list(let b)): return a === b
    case (.dict(let a), .dict(let b)): return a === b
    case (.tuple(let a), .tuple(let b)): return a === b
    case (.type(let a), .type(let b)): return a === b || a.name == b.name && !a.isScripted
    case (.instance, .instance), (.native, .native), (.function, .function), (.builtin, .builtin),
      (.module, .module), (.set, .set):
      return HashKey(left) == HashKey(right)
    default: return false
    }
  }

  /// `==`; `nil` where it is not known.
  func equal(_ left: Value, _ right: Value) throws -> Bool? {
    try step()
    switch (left, right) {
    case (.array, _), (_, .array):
      return isRunning ? try truth(of: try arrayCompare(.equal, left, right)) : nil
    case (.unknown, _), (_, .unknown): return nil
    case (.string(let a), .string(let b)): return a == b
    case (.bytes(let a), .bytes(let b)): return a == b
    case (.none, .none), (.ellipsis, .ellipsis): return true
    case (.tuple(let a), .tuple(let b)): return try equal(a.elements, b.elements)
    case (.list(let a), .list(let b)):
      if a.unknownTail != nil || b.unknownTail != nil { return nil }
      return try equal(a.elements, b.elements)
    case (.dict(let a), .dict(let b)):
      if a.unknownTail != nil || b.unknownTail != nil { return nil }
      guard a.members.count == b.members.count else { return false }
      var known = true
      for (key, member) in a.members {
        guard let other = b.members[key] else { return false }
        switch try nested({ try equal(member.value, other.value) }) {
        case false?: return false
        case nil: known = false
        default: break
        }
      }
      return known ? true : nil
    case (.set(let a), .set(let b)): return Set(a.members.keys) == Set(b.members.keys)
    case (.range(let a), .range(let b)):
      return a.count == b.count && (a.count == 0 || a.start == b.start && a.step == b.step)
    case (.instance(let instance), _):
      if case .function? = instance.type.lookUp("__eq__"),
        let method = try attributeIfPresent("__eq__", of: left)
      {
        return try truth(of: try call(method, CallArguments(positional: [right])))
      }
      return identical(left, right)
    default:
      if let a = left.intValue, let b = right.intValue { return a == b }
      if let a = left.doubleValue, let b = right.doubleValue { return a == b }
      return identical(left, right)
    }
  }

  private func equal(_ left: [Value], _ right: [Value]) throws -> Bool? {
    guard left.count == right.count else { return false }
    var isKnown = true
    for (a, b) in zip(left, right) {
      switch try nested({ try equal(a, b) }) {
      case false?: return false
      case nil: isKnown = false
      default: break
      }
    }
    return isKnown ? true : nil
  }

  /// Negative, zero or positive as `left` stands before, with or after `right`; `nil` where they
  /// have no order.
  func order(_ left: Value, _ right: Value) throws -> Int? {
    try step()
    switch (left, right) {
    case (.string(let a), .string(let b)):
      if a == b { return 0 }
      return a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars) ? -1 : 1
    case (.tuple, .tuple), (.list, .list):
      guard let a = left.sequence, let b = right.sequence else { return nil }
      for (x, y) in zip(a, b) {
        guard let order = try nested({ try order(x, y) }) else { return nil }
        if order != 0 { return order }
      }
      return a.count - b.count
    case (.instance, .instance):
      guard let method = try attributeIfPresent("__lt__", of: left) else { return nil }
      return try truth(of: try call(method, CallArguments(positional: [right]))) == true ? -1 : 1
    default:
      if let a = left.intValue, let b = right.intValue { return a < b ? -1 : a > b ? 1 : 0 }
      guard let a = left.doubleValue, let b = right.doubleValue, !a.isNaN, !b.isNaN else {
        return nil
      }
      return a < b ? -1 : a > b ? 1 : 0
    }
  }

  /// `in`; `nil` where it is not known.
  private func contains(_ container: Value, _ element: Value) throws -> Bool? {
    switch container {
    case .unknown: return nil
    case .string(let text):
      guard let part = element.stringValue else { return nil }
      return part.isEmpty || text.firstRange(of: part) != nil
    case .dict(let dict):
      guard let key = HashKey(element) else { return nil }
      return dict.members[key] != nil ? true : dict.unknownTail == nil ? false : nil
    case .set(let set):
      guard let key = HashKey(element) else { return nil }
      return set.members[key] != nil ? true : set.unknownTail == nil ? false : nil
    case .range(let range):
      return element.intValue.map(range.contains)
    case .array(let array):
      if let numbers = array.numbers { return try self.array(numbers, contains: element) }
    case .instance:
      if let method = try attributeIfPresent("__contains__", of: container) {
        return try truth(of: try call(method, CallArguments(positional: [element])))
      }
    default: break
    }
    guard let elements = try elements(of: container) else { return nil }
    var isKnown = !element.isUnknown
    for candidate in elements {
      switch try equal(candidate, element) {
      case true?: return true
      case nil: isKnown = false
      default: break
      }
    }
    return isKnown ? false : nil
  }
}
