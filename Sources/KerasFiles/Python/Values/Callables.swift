import OrderedCollections

/// The variables of a call, a class body or a module.
final class Frame: HeapObject {
  var variables: [String: Value] = [:]
  /// Where names are looked up next: the function or module around this one.
  private(set) var enclosing: Frame?
  let isClassBody: Bool
  var globalNames: Set<String> = []
  var nonlocalNames: Set<String> = []
  /// For `super()` and messages: the function that runs here.
  var function: Function?
  /// Set when the call may have returned something else before.
  var returnDoubt: Unknown?
  /// The generator in whose body a run is.
  var coroutine: Coroutine?
  /// The values a generator has yielded so far.
  var yielded: [Value] = []

  init(enclosing: Frame?, isClassBody: Bool = false) {
    self.enclosing = enclosing
    self.isClassBody = isClassBody
  }

  func empty() {
    variables = [:]
    enclosing = nil
    function = nil
    yielded = []
  }
}

/// A function or lambda of the script, with the variables around it.
final class Function: HeapObject {
  let definition: FunctionDefinition
  let location: SourceLocation
  private(set) var closure: Frame?
  private(set) var standards: [String: Value]
  /// The class in whose body it stands, for `super()`.
  weak var owner: ClassObject?
  var attributes: [String: Value] = [:]

  init(
    _ definition: FunctionDefinition, closure: Frame, standards: [String: Value],
    at location: SourceLocation
  ) {
    self.definition = definition
    self.closure = closure
    self.standards = standards
    self.location = location
  }

  func empty() {
    closure = nil
    standards = [:]
    attributes = [:]
  }
}

/// A function that we provide.
final class Builtin {
  typealias Body = (Evaluator, CallArguments) throws -> Value

  let name: String
  /// Whether it can do with arguments that are not known; otherwise its result is unknown too.
  let takesUnknown: Bool
  let body: Body

  init(_ name: String, takesUnknown: Bool = false, _ body: @escaping Body) {
    self.name = name
    self.takesUnknown = takesUnknown
    self.body = body
  }
}

/// A function together with the object it was taken from.
final class BoundMethod {
  let receiver: Value
  let function: Value

  init(_ receiver: Value, _ function: Value) {
    self.receiver = receiver
    self.function = function
  }
}

/// A class: the script's, or one that we provide.
final class ClassObject: HeapObject {
  let name: String
  private(set) var bases: [ClassObject]
  var attributes: OrderedDictionary<String, Value> = [:]
  /// How an object of a class that we provide is made.
  let construct: Builtin?
  /// Whether the script defines it.
  let isScripted: Bool
  /// A base that is not known: the class may have any attribute.
  var unknownBase: Unknown?

  init(
    _ name: String, bases: [ClassObject] = [], isScripted: Bool = false, construct: Builtin? = nil
  ) {
    self.name = name
    self.bases = bases
    self.isScripted = isScripted
    self.construct = construct
  }

  /// The class and its bases in the order in which attributes are looked for.
  var lineage: [ClassObject] {
    var found: [ClassObject] = []
    var seen: Set<ObjectIdentifier> = []
    var waiting = [self]
    while let next = waiting.popLast() {
      guard seen.insert(ObjectIdentifier(next)).inserted else { continue }
      found.append(next)
      waiting.append(contentsOf: next.bases.reversed())
    }
    return found
  }

  func lookUp(_ name: String) -> Value? {
    if let value = attributes[name] { return value }
    for ancestor in lineage.dropFirst() {
      if let value = ancestor.attributes[name] { return value }
    }
    return nil
  }

  func isSubclass(of other: ClassObject) -> Bool {
    lineage.contains { $0 === other }
  }

  func isSubclass(ofNamed name: String) -> Bool {
    lineage.contains { $0.name == name }
  }

  func empty() {
    attributes = [:]
    bases = []
  }
}

/// An object of a class.
final class Instance: HeapObject {
  let type: ClassObject
  var attributes: OrderedDictionary<String, Value> = [:]
  /// What stands behind an object whose class extends one that we provide.
  var native: (any NativeObject)?

  init(_ type: ClassObject) {
    self.type = type
  }

  func empty() {
    attributes = [:]
    native = nil
  }
}

/// A module: what an import binds.
final class Module {
  let name: String
  private var attributes: [String: Value] = [:]
  private let resolve: (String) -> Value?
  /// The names a misspelt one may have meant, and those of a star import.
  let names: () -> [String]

  /// A module whose members `resolve` finds; it is asked once for each name.
  init(
    _ name: String, names: @escaping () -> [String] = { [] },
    _ resolve: @escaping (String) -> Value?
  ) {
    self.name = name
    self.names = names
    self.resolve = resolve
  }

  convenience init(_ name: String, _ attributes: [String: Value]) {
    self.init(name, names: { Array(attributes.keys) }) { attributes[$0] }
  }

  subscript(name: String) -> Value? {
    get {
      if let known = attributes[name] { return known }
      let found = resolve(name)
      attributes[name] = found
      return found
    }
    set { attributes[name] = newValue }
  }
}

/// The arguments of a call.
struct CallArguments {
  var positional: [Value] = []
  var keywords: [(name: String, value: Value)] = []
  /// Set when `*rest` or `**rest` is not known: there may be others.
  var unknownRest: Unknown?

  subscript(keyword: String) -> Value? {
    keywords.first { $0.name == keyword }?.value
  }

  /// The argument at a place or under a keyword.
  func value(_ index: Int, _ keyword: String) -> Value? {
    index < positional.count ? positional[index] : self[keyword]
  }

  /// The first argument that is not known.
  var firstUnknown: Unknown? {
    if let unknownRest { return unknownRest }
    for value in positional { if let unknown = value.unknown { return unknown } }
    for (_, value) in keywords { if let unknown = value.unknown { return unknown } }
    return nil
  }

  /// The arguments of a method called on `receiver`.
  func prepending(_ receiver: Value) -> CallArguments {
    var arguments = self
    arguments.positional.insert(receiver, at: 0)
    return arguments
  }
}
