/// The methods of `dict`; the dict is the first argument.
enum DictMethods {
  static func method(_ name: String) -> Builtin.Body? {
    guard let body = bodies[name] else { return nil }
    return { evaluator, arguments in
      guard case .dict(let dict)? = arguments.positional.first else {
        return evaluator.doubt(about: arguments.positional.first ?? .none)
      }
      return try body(evaluator, dict, Array(arguments.positional.dropFirst()), arguments)
    }
  }

  private typealias Body = (Evaluator, DictObject, [Value], CallArguments) throws -> Value

  nonisolated(unsafe) private static let bodies: [String: Body] = [
    "keys": { evaluator, dict, _, _ in
      if let tail = dict.unknownTail { return .unknown(tail) }
      if evaluator.isRunning { return .native(DictView(dict, .keys)) }
      return try evaluator.list(dict.members.values.map(\.key))
    },
    "values": { evaluator, dict, _, _ in
      if let tail = dict.unknownTail { return .unknown(tail) }
      if evaluator.isRunning { return .native(DictView(dict, .values)) }
      return try evaluator.list(dict.members.values.map(\.value))
    },
    "items": { evaluator, dict, _, _ in
      if let tail = dict.unknownTail { return .unknown(tail) }
      if evaluator.isRunning { return .native(DictView(dict, .items)) }
      return try evaluator.list(
        try dict.members.values.map { try evaluator.tuple([$0.key, $0.value]) })
    },
    "get": { evaluator, dict, values, _ in
      guard let index = values.first, let key = HashKey(index) else {
        return evaluator.doubt(about: values.first ?? .none)
      }
      if let member = dict.members[key] { return member.value }
      if let tail = dict.unknownTail { return .unknown(tail) }
      return values.count > 1 ? values[1] : .none
    },
    "setdefault": { evaluator, dict, values, _ in
      guard let index = values.first, let key = HashKey(index) else { return .none }
      if let member = dict.members[key] { return member.value }
      let value = values.count > 1 ? values[1] : .none
      try evaluator.setItem(index, of: .dict(dict), to: value)
      return value
    },
    "pop": { evaluator, dict, values, _ in
      guard let index = values.first, let key = HashKey(index) else {
        return evaluator.doubt(about: values.first ?? .none)
      }
      if let member = dict.members.removeValue(forKey: key) { return member.value }
      if values.count > 1 { return values[1] }
      if let tail = dict.unknownTail { return .unknown(tail) }
      if evaluator.isRunning { throw evaluator.missingKey(index) }
      throw evaluator.raise("KeyError", "the dictionary has no such key")
    },
    "popitem": { evaluator, dict, _, _ in
      guard let last = dict.members.keys.last, let member = dict.members.removeValue(forKey: last)
      else { throw evaluator.raise("KeyError", "the dictionary is empty") }
      return try evaluator.tuple([member.key, member.value])
    },
    "update": { evaluator, dict, values, arguments in
      for value in values { try evaluator.update(dict, with: value) }
      for (name, value) in arguments.keywords { dict[name] = value }
      return .none
    },
    "copy": { evaluator, dict, _, _ in
      let copy = try evaluator.keep(DictObject())
      try evaluator.update(copy, with: .dict(dict))
      copy.factory = dict.factory
      return .dict(copy)
    },
    "clear": { _, dict, _, _ in
      dict.members = [:]
      return .none
    },
  ]
}
