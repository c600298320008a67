extension Evaluator {
  /// `collections` in a run.
  func runningCollectionsModule() -> Module {
    let reading = collectionsModule()
    return Module("collections") { [unowned self] name in
      switch name {
      case "Counter":
        return .builtin(
          Builtin(name) { evaluator, arguments in
            let counter = CounterObject()
            try counter.add(arguments, in: evaluator, sign: 1)
            return .native(counter)
          })
      case "deque":
        return .builtin(
          Builtin(name) { evaluator, arguments in
            let source = arguments.value(0, "iterable")
            let values = try source.map { try evaluator.elements(of: $0) ?? [] } ?? []
            let deque = DequeObject(limit: arguments.value(1, "maxlen")?.intValue)
            for value in values { try deque.append(value, in: evaluator) }
            return .native(deque)
          })
      case "namedtuple":
        return .builtin(Builtin(name) { try $0.namedTupleClass($1) })
      case "abc":
        return .module(
          Module("collections.abc") { [unowned self] in unknown($0, "annotations are not evaluated")
          })
      default: return reading[name]
      }
    }
  }

  private func namedTupleClass(_ arguments: CallArguments) throws -> Value {
    let name = arguments.positional.first?.stringValue ?? "tuple"
    let fields: [String]
    switch arguments.value(1, "field_names") ?? .none {
    case .string(let text): fields = text.split { $0 == " " || $0 == "," }.map(String.init)
    case let other: fields = try (elements(of: other) ?? []).compactMap(\.stringValue)
    }
    let standards = try arguments["defaults"].map { try elements(of: $0) ?? [] } ?? []
    return .native(NamedTupleClass(name, fields, standards))
  }
}

/// What `namedtuple("P", "x y")` makes.
final class NamedTupleClass: NativeObject {
  let name: String
  let fields: [String]
  private let standards: [Value]

  init(_ name: String, _ fields: [String], _ standards: [Value]) {
    self.name = name
    self.fields = fields
    self.standards = standards
  }

  var typeName: String { "type" }

  func call(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value? {
    var values = arguments.positional
    guard values.count <= fields.count else {
      throw evaluator.raise("TypeError", "\(name)() takes \(fields.count) values")
    }
    for (index, field) in fields.enumerated() where index >= values.count {
      let standard = index - (fields.count - standards.count)
      guard let value = arguments[field] ?? (standard >= 0 ? standards[standard] : nil) else {
        throw evaluator.raise("TypeError", "\(name)() is missing its argument '\(field)'")
      }
      values.append(value)
    }
    return .native(NamedTuple(self, values))
  }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    switch name {
    case "_fields": return try evaluator.tuple(fields.map { .string($0) })
    case "__name__": return .string(self.name)
    case "_make":
      return .builtin(
        Builtin(name) { evaluator, arguments in
          let values = try evaluator.elements(of: arguments.positional.first ?? .none) ?? []
          return try self.call(CallArguments(positional: values), in: evaluator) ?? .none
        })
    default: return nil
    }
  }
}

/// A tuple whose elements have names.
final class NamedTuple: NativeObject {
  private let type: NamedTupleClass
  private let values: [Value]

  init(_ type: NamedTupleClass, _ values: [Value]) {
    self.type = type
    self.values = values
  }

  var typeName: String { type.name }

  func isInstance(of type: ClassObject) -> Bool { ["tuple", "object"].contains(type.name) }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    if let index = type.fields.firstIndex(of: name) { return values[index] }
    switch name {
    case "_fields": return try type.attribute(name, in: evaluator)
    case "_asdict":
      return .builtin(
        Builtin(name) { evaluator, _ in
          try evaluator.dict(zip(self.type.fields, self.values).map { ($0, $1) })
        })
    case "_replace":
      return .builtin(
        Builtin(name) { _, arguments in
          let changed = zip(self.type.fields, self.values).map { arguments[$0] ?? $1 }
          return .native(NamedTuple(self.type, changed))
        })
    default:
      let own = try evaluator.tuple(values)
      return evaluator.method(name, of: own).map { .method(BoundMethod(own, $0)) }
    }
  }

  func item(_ index: Value, in evaluator: Evaluator) throws -> Value? {
    try evaluator.item(index, of: try evaluator.tuple(values))
  }

  func elements(in evaluator: Evaluator) throws -> [Value]? { values }

  func compare(_ symbol: ComparisonOperator, _ other: Value, in evaluator: Evaluator) throws
    -> Value?
  {
    var right = other
    if case .native(let object) = other, let tuple = object as? NamedTuple {
      right = try evaluator.tuple(tuple.values)
    }
    return try evaluator.compare(symbol, try evaluator.tuple(values), right)
  }

  func binary(_ symbol: BinaryOperator, _ other: Value, isReflected: Bool, in evaluator: Evaluator)
    throws -> Value?
  {
    let own = try evaluator.tuple(values)
    return try isReflected
      ? evaluator.binary(symbol, other, own) : evaluator.binary(symbol, own, other)
  }

  func text(isRepresentation: Bool, in evaluator: Evaluator) -> String? {
    let parts = zip(type.fields, values).map {
      "\($0)=\(evaluator.representation(of: $1, depth: 1))"
    }
    return "\(type.name)(\(parts.joined(separator: ", ")))"
  }
}

/// `collections.Counter`: a dict of counts.
final class CounterObject: NativeObject {
  private let dict = DictObject()

  var typeName: String { "Counter" }

  func isInstance(of type: ClassObject) -> Bool {
    ["Counter", "dict", "object"].contains(type.name)
  }

  /// Counts elements, or adds counts.
  func add(_ arguments: CallArguments, in evaluator: Evaluator, sign: Int) throws {
    if let source = arguments.positional.first {
      var pairs: [(Value, Int)] = []
      if case .native(let object) = source, let other = object as? CounterObject {
        pairs = other.dict.members.values.map { ($0.key, $0.value.intValue ?? 0) }
      } else if case .dict(let given) = source {
        pairs = given.members.values.map { ($0.key, $0.value.intValue ?? 0) }
      } else {
        pairs = try (evaluator.elements(of: source) ?? []).map { ($0, 1) }
      }
      for (value, count) in pairs { try add(value, sign * count, in: evaluator) }
    }
    for (name, value) in arguments.keywords {
      try add(.string(name), sign * (value.intValue ?? 0), in: evaluator)
    }
  }

  private func add(_ value: Value, _ count: Int, in evaluator: Evaluator) throws {
    guard let key = HashKey(value) else {
      throw evaluator.raise("TypeError", "unhashable type: '\(evaluator.typeName(of: value))'")
    }
    try evaluator.charge(1)
    let known = dict.members[key]?.value.intValue ?? 0
    dict.members[key] = (value, .int(known &+ count))
  }

  /// The counts, the greatest first; equal ones in the order of their first appearance.
  private var ranked: [(key: Value, value: Value)] {
    dict.members.values.enumerated().sorted { a, b in
      let (x, y) = (a.element.value.intValue ?? 0, b.element.value.intValue ?? 0)
      return x == y ? a.offset < b.offset : x > y
    }.map(\.element)
  }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    switch name {
    case "most_common":
      return .builtin(
        Builtin(name) { evaluator, arguments in
          let rows = self.ranked
          let count = arguments.value(0, "n")?.intValue ?? rows.count
          return try evaluator.list(
            try rows.prefix(max(0, count)).map { try evaluator.tuple([$0.key, $0.value]) })
        })
    case "update", "subtract":
      return .builtin(
        Builtin(name) { evaluator, arguments in
          try self.add(arguments, in: evaluator, sign: name == "update" ? 1 : -1)
          return .none
        })
    case "elements":
      return .builtin(
        Builtin(name) { evaluator, _ in
          try evaluator.iterator(
            self.dict.members.values.flatMap {
              Array(repeating: $0.key, count: max(0, $0.value.intValue ?? 0))
            })
        })
    case "total":
      return .builtin(
        Builtin(name) { _, _ in
          .int(self.dict.members.values.reduce(0) { $0 &+ ($1.value.intValue ?? 0) })
        })
    case "__setitem__", "__delitem__":
      return .builtin(
        Builtin(name) { evaluator, arguments in
          let index = arguments.positional.first ?? .none
          if name == "__delitem__" {
            try evaluator.deleteItem(index, of: .dict(self.dict))
          } else {
            try evaluator.setItem(index, of: .dict(self.dict), to: arguments.value(1, "") ?? .none)
          }
          return .none
        })
    default:
      return evaluator.method(name, of: .dict(dict)).map { .method(BoundMethod(.dict(dict), $0)) }
    }
  }

  func item(_ index: Value, in evaluator: Evaluator) throws -> Value? {
    HashKey(index).flatMap { dict.members[$0]?.value } ?? .int(0)
  }

  func elements(in evaluator: Evaluator) throws -> [Value]? { dict.members.values.map(\.key) }

  func binary(_ symbol: BinaryOperator, _ other: Value, isReflected: Bool, in evaluator: Evaluator)
    throws -> Value?
  {
    guard symbol == .add || symbol == .subtract, !isReflected else { return nil }
    let result = CounterObject()
    try result.add(CallArguments(positional: [.native(self)]), in: evaluator, sign: 1)
    try result.add(
      CallArguments(positional: [other]), in: evaluator, sign: symbol == .add ? 1 : -1)
    for (key, member) in result.dict.members where member.value.intValue ?? 0 <= 0 {
      result.dict.members.removeValue(forKey: key)
    }
    return .native(result)
  }

  func compare(_ symbol: ComparisonOperator, _ other: Value, in evaluator: Evaluator) throws
    -> Value?
  {
    var right = other
    if case .native(let object) = other, let counter = object as? CounterObject {
      right = .dict(counter.dict)
    }
    return try evaluator.compare(symbol, .dict(dict), right)
  }

  func text(isRepresentation: Bool, in evaluator: Evaluator) -> String? {
    if dict.members.isEmpty { return "Counter()" }
    let shown = ranked.map {
      evaluator.representation(of: $0.key, depth: 1) + ": "
        + evaluator.representation(of: $0.value, depth: 1)
    }
    return "Counter({\(shown.joined(separator: ", "))})"
  }

  /// The counts as a dict that is its own.
  func pairs() -> DictObject { dict }
}
