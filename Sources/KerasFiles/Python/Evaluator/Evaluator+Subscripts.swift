extension Evaluator {
  func item(_ index: Value, of object: Value, in expression: Expression) throws -> Value {
    let value = try item(index, of: object)
    if case .unknown(let unknown) = value, unknown.name == nil || object.isUnknown {
      let text = text(of: expression)
      if text.count <= 48, !text.contains("…") { return .unknown(unknown.derived(text)) }
    }
    return value
  }

  func item(_ index: Value, of object: Value) throws -> Value {
    switch object {
    case .unknown: return object
    case .native(let native):
      if let value = try native.item(index, in: self) { return value }
    case .array(let array):
      if let numbers = array.numbers { return try arrays { try item(index, of: numbers) } }
      return try item(index, of: array)
    case .dict(let dict): return try item(index, of: dict)
    case .instance(let instance):
      if let method = try attributeIfPresent("__getitem__", of: object) {
        return try call(method, CallArguments(positional: [index]))
      }
      if let value = try instance.native?.item(index, in: self) { return value }
    case .type: return object
    case .module: break
    default:
      if let unknown = index.unknown { return .unknown(unknown.derived(nil)) }
      if case .slice(let slice) = index { return try sliced(object, slice) }
      if let value = try element(index, of: object) { return value }
    }
    throw raise("TypeError", "'\(typeName(of: object))' object cannot be indexed this way")
  }

  private func element(_ index: Value, of object: Value) throws -> Value? {
    guard let index = index.intValue else { return nil }
    switch object {
    case .tuple(let tuple):
      return tuple.elements[try position(index, in: tuple.elements.count, "tuple")]
    case .list(let list):
      if let tail = list.unknownTail, index < 0 || index >= list.elements.count {
        return .unknown(tail)
      }
      return list.elements[try position(index, in: list.elements.count, "list")]
    case .range(let range): return .int(range[try position(index, in: range.count, "range")])
    case .bytes(let bytes): return .int(Int(bytes[try position(index, in: bytes.count, "bytes")]))
    case .string(let text):
      let scalars = text.unicodeScalars
      try step(1 + text.utf8.count / 256)
      let offset = try position(index, in: scalars.count, "string")
      return .string(String(scalars[scalars.index(scalars.startIndex, offsetBy: offset)]))
    default: return nil
    }
  }

  private func position(_ index: Int, in count: Int, _ kind: String) throws -> Int {
    let position = index < 0 ? index + count : index
    guard position >= 0, position < count else {
      throw raise("IndexError", "\(kind) index out of range")
    }
    return position
  }

  private func item(_ index: Value, of dict: DictObject) throws -> Value {
    if let unknown = index.unknown { return .unknown(unknown.derived(nil)) }
    guard let key = HashKey(index) else {
      throw raise("TypeError", "unhashable type: '\(typeName(of: index))'")
    }
    if let member = dict.members[key] { return member.value }
    if let factory = dict.factory {
      let value = try call(factory, CallArguments())
      dict.members[key] = (index, value)
      return value
    }
    if let tail = dict.unknownTail { return .unknown(tail) }
    if isRunning { throw missingKey(index) }
    throw raise("KeyError", "the dictionary has no key \(representation(of: index))")
  }

  /// The positions a slice picks from `count` elements; `nil` where they are not known.
  func positions(_ slice: SliceObject, count: Int) throws -> RangeValue? {
    if slice.lower.isUnknown || slice.upper.isUnknown || slice.step.isUnknown { return nil }
    func bound(_ value: Value) throws -> Int? {
      if value.isNone { return nil }
      guard let number = value.intValue else {
        throw raise("TypeError", "slice indices must be integers or None")
      }
      return number
    }
    let step = try bound(slice.step) ?? 1
    if step == 0 { throw raise("ValueError", "slice step cannot be zero") }
    func clamp(_ value: Int) -> Int {
      let place = value < 0 ? value + count : value
      return step > 0 ? min(max(place, 0), count) : min(max(place, -1), count - 1)
    }
    let start = try bound(slice.lower).map(clamp) ?? (step > 0 ? 0 : count - 1)
    let stop = try bound(slice.upper).map(clamp) ?? (step > 0 ? count : -1)
    return RangeValue(start: start, stop: stop, step: step)
  }

  private func sliced(_ object: Value, _ slice: SliceObject) throws -> Value {
    func pick<Element>(_ elements: [Element]) throws -> [Element]? {
      guard let range = try positions(slice, count: elements.count) else { return nil }
      try charge(range.count)
      return (0..<range.count).map { elements[range[$0]] }
    }
    let unknown = Value.unknown(
      slice.lower.unknown ?? slice.upper.unknown ?? slice.step.unknown
        ?? Unknown(nil, reason: "it is not known", at: location))
    switch object {
    case .tuple(let tuple): return try pick(tuple.elements).map { try self.tuple($0) } ?? unknown
    case .list(let list):
      if let tail = list.unknownTail { return .unknown(tail) }
      return try pick(list.elements).map { .list(try keep(ListObject($0))) } ?? unknown
    case .string(let text):
      return try pick(Array(text.unicodeScalars)).map {
        .string(String(String.UnicodeScalarView($0)))
      } ?? unknown
    case .bytes(let bytes): return try pick(bytes).map { .bytes($0) } ?? unknown
    case .range(let range):
      guard let picked = try positions(slice, count: range.count) else { return unknown }
      guard let part = range.slice(picked) else {
        throw raise("OverflowError", "a slice of this range is larger than 64 bits hold")
      }
      return .range(part)
    default: throw raise("TypeError", "'\(typeName(of: object))' object cannot be sliced")
    }
  }

  func setItem(_ index: Value, of object: Value, to value: Value) throws {
    try charge(1)
    switch object {
    case .unknown(let unknown):
      if isRunning { throw needed(unknown) }
    case .array(let array):
      if let numbers = array.numbers {
        try arrays { try setItem(index, of: numbers, to: value) }
      }
    case .dict(let dict):
      if let key = HashKey(index) {
        dict.members[key] = (index, value)
      } else if let unknown = index.unknown {
        dict.unknownTail = unknown
      } else {
        throw raise("TypeError", "unhashable type: '\(typeName(of: index))'")
      }
    case .list(let list):
      if let unknown = index.unknown {
        list.unknownTail = unknown
      } else if let place = index.intValue {
        if list.unknownTail != nil, place >= list.elements.count || place < 0 { return }
        list.elements[try position(place, in: list.elements.count, "list")] = value
      } else if case .slice(let slice) = index,
        let range = try positions(slice, count: list.elements.count), range.step == 1
      {
        let new = try elements(of: value) ?? []
        list.elements.replaceSubrange(range.start..<max(range.start, range.stop), with: new)
      }
    case .instance:
      if let method = try attributeIfPresent("__setitem__", of: object) {
        _ = try call(method, CallArguments(positional: [index, value]))
      }
    case .native(let native):
      if let method = try native.attribute("__setitem__", in: self), isRunning {
        _ = try call(method, CallArguments(positional: [index, value]))
      }
    default:
      throw raise(
        "TypeError", "'\(typeName(of: object))' object does not support item assignment")
    }
  }

  func deleteItem(_ index: Value, of object: Value) throws {
    switch object {
    case .dict(let dict):
      if let key = HashKey(index) { dict.members.removeValue(forKey: key) }
    case .list(let list):
      if let place = index.intValue {
        list.elements.remove(at: try position(place, in: list.elements.count, "list"))
      } else if case .slice(let slice) = index,
        let range = try positions(slice, count: list.elements.count), range.step == 1
      {
        list.elements.removeSubrange(range.start..<max(range.start, range.stop))
      } else {
        list.unknownTail = index.unknown
      }
    default: break
    }
  }
}
