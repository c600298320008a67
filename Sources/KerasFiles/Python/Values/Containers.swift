import OrderedCollections

/// An object that other objects may hang on.
///
/// The evaluator keeps all of them until it ends and then empties them one by one. So neither
/// cycles leak, nor does the release of a million nested lists run out of stack.
protocol HeapObject: AnyObject {
  func empty()
  /// How many elements it holds.
  var cellCount: Int { get }
}

extension HeapObject {
  var cellCount: Int { 20 }
}

final class TupleObject {
  let elements: [Value]
  /// How deeply tuples are nested in this one; the evaluator bounds it.
  let depth: Int

  init(_ elements: [Value]) {
    self.elements = elements
    var depth = 0
    for case .tuple(let inner) in elements { depth = max(depth, inner.depth) }
    self.depth = depth + 1
  }
}

final class ListObject: HeapObject {
  var elements: [Value]
  /// Set when more elements follow, and how many is not known.
  var unknownTail: Unknown?

  init(_ elements: [Value]) {
    self.elements = elements
  }

  var cellCount: Int { elements.count }

  func empty() {
    elements = []
  }
}

final class DictObject: HeapObject {
  var members: OrderedDictionary<HashKey, (key: Value, value: Value)> = [:]
  /// Set when there may be other members.
  var unknownTail: Unknown?
  /// What a missing key makes (`collections.defaultdict`).
  var factory: Value?

  init() {}

  convenience init(_ pairs: [(String, Value)]) {
    self.init()
    for (key, value) in pairs { self[key] = value }
  }

  subscript(name: String) -> Value? {
    get { members[.string(name)]?.value }
    set {
      if let newValue {
        members[.string(name)] = (.string(name), newValue)
      } else {
        members.removeValue(forKey: .string(name))
      }
    }
  }

  var cellCount: Int { members.count * 3 }

  func empty() {
    members = [:]
    factory = nil
  }
}

final class SetObject: HeapObject {
  var members: OrderedDictionary<HashKey, Value> = [:]
  var unknownTail: Unknown?
  let isFrozen: Bool

  init(isFrozen: Bool = false) {
    self.isFrozen = isFrozen
  }

  func empty() {
    members = [:]
  }
}

/// What makes two values the same key of a dict or member of a set: 1, 1.0 and True are one key.
enum HashKey: Hashable {
  case none
  case int(Int)
  case float(Double)
  case string(String)
  case bytes([UInt8])
  case tuple([HashKey])
  case identity(ObjectIdentifier)

  /// The key of a value; `nil` for what Python cannot hash, and for what is not known.
  ///
  /// Tuples of tuples that share their parts unfold to more than memory holds: beyond a bound
  /// they count as what cannot be hashed.
  init?(_ value: Value) {
    var left = 100_000
    self.init(value, left: &left)
  }

  private init?(_ value: Value, left: inout Int) {
    left -= 1
    guard left > 0 else { return nil }
    switch value {
    case .none: self = .none
    case .bool(let flag): self = .int(flag ? 1 : 0)
    case .int(let number): self = .int(number)
    case .float(let number): self = Int(exactly: number).map(HashKey.int) ?? .float(number)
    case .string(let text): self = .string(text)
    case .scalar(let scalar):
      switch scalar.number {
      case .int(let number): self = .int(number)
      case .float(let number): self = Int(exactly: number).map(HashKey.int) ?? .float(number)
      }
    case .bytes(let bytes): self = .bytes(bytes)
    case .tuple(let tuple):
      var keys: [HashKey] = []
      for element in tuple.elements {
        guard let key = HashKey(element, left: &left) else { return nil }
        keys.append(key)
      }
      self = .tuple(keys)
    case .list, .dict, .unknown, .slice, .array: return nil
    case .set(let set):
      guard set.isFrozen else { return nil }
      self = .identity(ObjectIdentifier(set))
    case .ellipsis: self = .string("\0ellipsis")
    case .notImplemented: self = .string("\0notImplemented")
    case .range(let range): self = .tuple([.int(range.start), .int(range.stop), .int(range.step)])
    case .function(let object): self = .identity(ObjectIdentifier(object))
    case .builtin(let object): self = .identity(ObjectIdentifier(object))
    case .method(let object): self = .identity(ObjectIdentifier(object))
    case .type(let object): self = .identity(ObjectIdentifier(object))
    case .instance(let object): self = .identity(ObjectIdentifier(object))
    case .module(let object): self = .identity(ObjectIdentifier(object))
    case .iterator(let object): self = .identity(ObjectIdentifier(object))
    case .native(let object): self = .identity(ObjectIdentifier(object))
    }
  }
}

/// A source of values, one at a time.
final class IteratorObject: HeapObject {
  private var advance: () throws -> Value?
  /// Set when nobody knows how many values come.
  let unknown: Unknown?

  init(unknown: Unknown? = nil, _ advance: @escaping () throws -> Value?) {
    self.unknown = unknown
    self.advance = advance
  }

  convenience init(_ values: [Value]) {
    var index = 0
    self.init {
      guard index < values.count else { return nil }
      index += 1
      return values[index - 1]
    }
  }

  /// What is to be done when nobody asks for values any more.
  var whenEmptied: (() -> Void)?

  func next() throws -> Value? { try advance() }

  func empty() {
    whenEmptied?()
    whenEmptied = nil
    advance = { nil }
  }
}
