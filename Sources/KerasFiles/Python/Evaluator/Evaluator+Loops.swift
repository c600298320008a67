extension Evaluator {
  func loop(
    _ target: Expression, over iterable: Expression, _ body: [Statement], otherwise: [Statement]
  ) throws -> Flow {
    let source = try value(of: iterable)
    location = iterable.location
    let iterator = try iterator(over: source)
    if let unknown = iterator.unknown {
      return try loopOnce(body, because: unknown) {
        try assign(.unknown(unknown.derived("an element of it")), to: target)
      }
    }
    while let element = try iterator.next() {
      try step()
      try assign(element, to: target)
      if let flow = try turn(body) { return flow }
    }
    return try run(otherwise)
  }

  func loop(
    while test: Expression, _ body: [Statement], otherwise: [Statement]
  ) throws -> Flow {
    while true {
      try step()
      let condition = try value(of: test)
      guard let truth = try truth(of: condition) else {
        let unknown = condition.unknown ?? Unknown(nil, reason: "it is not known", at: location)
        return try loopOnce(body, because: unknown) {}
      }
      if !truth { return try run(otherwise) }
      if let flow = try turn(body) { return flow }
    }
  }

  /// One turn of a loop; the loop's result where it ends with this turn.
  private func turn(_ body: [Statement]) throws -> Flow? {
    let outerDoubt = loopDoubt
    loopDoubt = nil
    defer { loopDoubt = outerDoubt }
    let flow = try run(body)
    if let doubt = loopDoubt, !buildsLayers(body) {
      try forget(whatIsChangedIn: body, because: doubt)
      return .next
    }
    switch flow {
    case .next, .nextTurn: return nil
    case .leaveLoop: return .next
    case .leaveFunction: return flow
    }
  }

  /// A loop that turns nobody knows how often.
  private func loopOnce(
    _ body: [Statement], because unknown: Unknown, prepare: () throws -> Void
  ) throws -> Flow {
    if buildsLayers(body) {
      let name = unknown.name.map { "`\($0)`" } ?? "what it runs over"
      warn("this loop adds layers but is skipped, for \(name) is not known; \(unknown.remedy)")
      try forget(whatIsChangedIn: body, because: unknown)
      return .next
    }
    try forget(whatIsChangedIn: body, because: unknown)
    try prepare()
    let flow = try run(body)
    try forget(whatIsChangedIn: body, because: unknown)
    // Whether a `return` inside was reached is as little known as the number of turns.
    if case .leaveFunction(let value) = flow, !value.isUnknown { return flow }
    return .next
  }

  // MARK: Iteration

  /// An iterator over a value, as `iter()` makes it.
  func iterator(over value: Value) throws -> IteratorObject {
    switch value {
    case .iterator(let iterator): return iterator
    case .tuple(let tuple): return IteratorObject(tuple.elements)
    case .list(let list):
      if let tail = list.unknownTail { return unknownIterator(tail) }
      var index = 0
      return IteratorObject {
        guard index < list.elements.count else { return nil }
        index += 1
        return list.elements[index - 1]
      }
    case .range(let range):
      var index = 0
      let count = range.count
      return IteratorObject {
        guard index < count else { return nil }
        index += 1
        return .int(range[index - 1])
      }
    case .string(let text):
      // Each character becomes a text of its own, and a value.
      try charge(text.utf8.count)
      return IteratorObject(text.unicodeScalars.map { .string(String($0)) })
    case .bytes(let bytes): return IteratorObject(bytes.map { .int(Int($0)) })
    case .dict(let dict):
      if let tail = dict.unknownTail { return unknownIterator(tail) }
      return IteratorObject(dict.members.values.map(\.key))
    case .set(let set):
      if let tail = set.unknownTail { return unknownIterator(tail) }
      return IteratorObject(Array(set.members.values))
    case .array(let array): return try iterator(over: array)
    case .native(let object):
      if let elements = try object.elements(in: self) { return IteratorObject(elements) }
    case .instance(let instance):
      if let method = try attributeIfPresent("__iter__", of: value) {
        return try iterator(over: try call(method, CallArguments()))
      }
      if instance.type.lookUp("__next__") != nil { return scriptedIterator(value) }
      if let elements = try instance.native?.elements(in: self) { return IteratorObject(elements) }
    case .unknown(let unknown):
      if isRunning { throw needed(unknown) }
      return unknownIterator(unknown)
    default: break
    }
    throw raise("TypeError", "'\(typeName(of: value))' object is not iterable")
  }

  private func unknownIterator(_ unknown: Unknown) -> IteratorObject {
    IteratorObject(unknown: unknown) { .unknown(unknown) }
  }

  private func scriptedIterator(_ value: Value) -> IteratorObject {
    IteratorObject { [unowned self] in
      do {
        guard let method = try attributeIfPresent("__next__", of: value) else { return nil }
        return try call(method, CallArguments())
      } catch Interruption.raised(let raised)
        where raised.exception.type.isSubclass(ofNamed: "StopIteration")
      {
        return nil
      }
    }
  }

  private func iterator(over array: ArrayValue) throws -> IteratorObject {
    guard let first = array.shape.first else {
      throw raise("TypeError", "iteration over a 0-d array")
    }
    if let numbers = array.numbers {
      var index = 0
      return IteratorObject {
        guard index < numbers.shape[0] else { return nil }
        index += 1
        return .numbers(numbers.row(index - 1))
      }
    }
    guard let count = first else {
      return unknownIterator(
        array.unknown ?? Unknown(nil, reason: "the array's length is not known", at: location))
    }
    let item = Value.item(of: array)
    var index = 0
    return IteratorObject {
      guard index < count else { return nil }
      index += 1
      return item
    }
  }

  /// All elements of a value; `nil` where they are not known.
  func elements(of value: Value) throws -> [Value]? {
    switch value {
    case .tuple(let tuple): return tuple.elements
    case .list(let list): return list.unknownTail == nil ? list.elements : nil
    case .range(let range):
      // Before anything is made: there may be no room for it.
      try charge(range.count)
      return (0..<range.count).map { .int(range[$0]) }
    default: break
    }
    let iterator = try iterator(over: value)
    if iterator.unknown != nil { return nil }
    var elements: [Value] = []
    while let element = try iterator.next() {
      try step()
      try charge(1)
      elements.append(element)
    }
    return elements
  }
}
