extension Evaluator {
  /// A method of one of Python's own values.
  func method(_ name: String, of object: Value) -> Value? {
    method(name, ofTypeNamed: typeName(of: object))
  }

  /// A method of one of Python's own classes; it takes the object as its first argument.
  func method(_ name: String, ofTypeNamed type: String) -> Value? {
    let body: Builtin.Body?
    switch type {
    case "str": body = StringMethods.method(name)
    case "list": body = ListMethods.method(name)
    case "tuple": body = ListMethods.tupleMethod(name)
    case "dict", "defaultdict": body = DictMethods.method(name)
    case "set", "frozenset": body = SetMethods.method(name)
    case "bytes": body = StringMethods.bytesMethod(name)
    case "int", "float", "bool": body = NumberMethods.method(name)
    case "iterator": body = IteratorMethods.method(name)
    default: body = nil
    }
    return body.map { .builtin(Builtin(name, takesUnknown: true, $0)) }
  }
}

enum NumberMethods {
  static func method(_ name: String) -> Builtin.Body? {
    switch name {
    case "bit_length":
      { _, arguments in
        .int(Int.bitWidth - (arguments.positional[0].intValue ?? 0).magnitude.leadingZeroBitCount)
      }
    case "is_integer":
      { _, arguments in
        .bool(arguments.positional[0].doubleValue.flatMap(Int.init(exactly:)) != nil)
      }
    case "item", "conjugate": { _, arguments in arguments.positional[0] }
    case "real": nil
    default: nil
    }
  }
}

enum IteratorMethods {
  static func method(_ name: String) -> Builtin.Body? {
    switch name {
    case "__next__", "next", "send":
      { evaluator, arguments in
        guard case .iterator(let iterator)? = arguments.positional.first else { return .none }
        guard let value = try evaluator.nested({ try iterator.next() }) else {
          throw evaluator.raise("StopIteration", "the iterator has no more elements")
        }
        return value
      }
    case "close": { _, _ in .none }
    default: nil
    }
  }
}

enum ListMethods {
  static func method(_ name: String) -> Builtin.Body? {
    guard let body = bodies[name] else { return tupleMethod(name) }
    return { evaluator, arguments in
      guard case .list(let list)? = arguments.positional.first else { return .none }
      return try body(evaluator, list, Array(arguments.positional.dropFirst()), arguments)
    }
  }

  static func tupleMethod(_ name: String) -> Builtin.Body? {
    switch name {
    case "index", "count":
      return { evaluator, arguments in
        guard arguments.positional.count > 1,
          let elements = try evaluator.elements(of: arguments.positional[0])
        else { return evaluator.doubt(about: arguments.positional[0]) }
        var count = 0
        for (index, element) in elements.enumerated() {
          switch try evaluator.equal(element, arguments.positional[1]) {
          case nil: return evaluator.doubt(about: element)
          case true? where name == "index": return .int(index)
          case true?: count += 1
          default: break
          }
        }
        if name == "count" { return .int(count) }
        throw evaluator.raise("ValueError", "the value is not in the list")
      }
    default: return nil
    }
  }

  private typealias Body = (Evaluator, ListObject, [Value], CallArguments) throws -> Value

  nonisolated(unsafe) private static let bodies: [String: Body] = [
    "append": { evaluator, list, values, _ in
      try evaluator.charge(1)
      list.elements.append(values.first ?? .none)
      return .none
    },
    "extend": { evaluator, list, values, _ in
      guard let source = values.first, let added = try evaluator.elements(of: source) else {
        list.unknownTail = evaluator.doubt(about: values.first ?? .none).unknown
        return .none
      }
      try evaluator.charge(added.count)
      list.elements.append(contentsOf: added)
      return .none
    },
    "insert": { evaluator, list, values, _ in
      guard values.count == 2, let place = values[0].intValue else {
        list.unknownTail = evaluator.doubt(about: values.first ?? .none).unknown
        return .none
      }
      try evaluator.charge(1)
      let count = list.elements.count
      list.elements.insert(values[1], at: min(max(place < 0 ? place + count : place, 0), count))
      return .none
    },
    "pop": { evaluator, list, values, _ in
      if let tail = list.unknownTail { return .unknown(tail) }
      if let unknown = values.first?.unknown {
        list.unknownTail = unknown
        return .unknown(unknown)
      }
      let count = list.elements.count
      let place = values.first?.intValue ?? -1
      let index = place < 0 ? place + count : place
      guard index >= 0, index < count else {
        throw evaluator.raise("IndexError", "pop index out of range")
      }
      return list.elements.remove(at: index)
    },
    "remove": { evaluator, list, values, _ in
      guard let wanted = values.first else { return .none }
      for (index, element) in list.elements.enumerated() {
        switch try evaluator.equal(element, wanted) {
        case true?:
          list.elements.remove(at: index)
          return .none
        case nil:
          list.unknownTail = evaluator.doubt(about: element).unknown
          return .none
        default: break
        }
      }
      if list.unknownTail != nil { return .none }
      throw evaluator.raise("ValueError", "the value is not in the list")
    },
    "clear": { _, list, _, _ in
      list.elements = []
      list.unknownTail = nil
      return .none
    },
    "copy": { evaluator, list, _, _ in
      let copy = try evaluator.list(list.elements)
      if case .list(let object) = copy { object.unknownTail = list.unknownTail }
      return copy
    },
    "reverse": { _, list, _, _ in
      list.elements.reverse()
      return .none
    },
    "sort": { evaluator, list, _, arguments in
      if case .list(let sorted) = try Value.list(list).sorted(arguments, in: evaluator) {
        list.elements = sorted.elements
      }
      return .none
    },
  ]
}
