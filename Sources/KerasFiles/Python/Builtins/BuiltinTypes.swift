/// Python's own classes: those of its values and its exceptions.
struct BuiltinTypes {
  private(set) var named: [String: ClassObject] = [:]

  private static let values = [
    "object", "NoneType", "bool", "int", "float", "str", "bytes", "tuple", "list", "dict", "set",
    "frozenset", "range", "slice", "function", "builtin_function_or_method", "method", "type",
    "module", "ndarray", "iterator", "ellipsis", "complex", "bytearray",
  ]

  private static let exceptions: [(String, String)] = [
    ("BaseException", "object"), ("Exception", "BaseException"), ("SystemExit", "BaseException"),
    ("KeyboardInterrupt", "BaseException"), ("GeneratorExit", "BaseException"),
    ("ArithmeticError", "Exception"), ("ZeroDivisionError", "ArithmeticError"),
    ("OverflowError", "ArithmeticError"), ("LookupError", "Exception"),
    ("IndexError", "LookupError"), ("KeyError", "LookupError"), ("ValueError", "Exception"),
    ("UnicodeError", "ValueError"), ("UnicodeDecodeError", "UnicodeError"),
    ("UnicodeEncodeError", "UnicodeError"), ("TypeError", "Exception"),
    ("AttributeError", "Exception"), ("NameError", "Exception"),
    ("ImportError", "Exception"),
    ("ModuleNotFoundError", "ImportError"), ("OSError", "Exception"),
    ("FileNotFoundError", "OSError"), ("FileExistsError", "OSError"),
    ("PermissionError", "OSError"), ("TimeoutError", "OSError"), ("ConnectionError", "OSError"),
    ("RuntimeError", "Exception"), ("NotImplementedError", "RuntimeError"),
    ("RecursionError", "RuntimeError"), ("StopIteration", "Exception"),
    ("AssertionError", "Exception"), ("MemoryError", "Exception"), ("EOFError", "Exception"),
    ("numpy.AxisError", "ValueError"), ("numpy.LinAlgError", "ValueError"),
    ("numpy.UFuncTypeError", "TypeError"), ("FloatingPointError", "ArithmeticError"),
    ("UnboundLocalError", "NameError"), ("NotADirectoryError", "OSError"),
    ("IsADirectoryError", "OSError"), ("StopAsyncIteration", "Exception"),
    ("SyntaxError", "Exception"), ("Warning", "Exception"), ("UserWarning", "Warning"),
    ("DeprecationWarning", "Warning"), ("FutureWarning", "Warning"),
    ("RuntimeWarning", "Warning"),
  ]

  init() {
    let object = ClassObject("object")
    named["object"] = object
    for name in Self.values.dropFirst() {
      named[name] = ClassObject(
        name, bases: [name == "bool" ? named["int"] ?? object : object],
        construct: Self.constructor(of: name))
    }
    named["bool"] = ClassObject(
      "bool", bases: [ClassObject("int", bases: [object])], construct: Self.constructor(of: "bool"))
    for (name, base) in Self.exceptions {
      let shown = name.split(separator: ".").last.map(String.init) ?? name
      named[name] = ClassObject(shown, bases: [named[base] ?? object])
    }
    named["BaseException"]?.attributes["__init__"] = .builtin(
      Builtin("__init__", takesUnknown: true) { evaluator, arguments in
        if case .instance(let instance)? = arguments.positional.first {
          instance.attributes["args"] = try evaluator.tuple(Array(arguments.positional.dropFirst()))
        }
        return .none
      })
    for name in ["IOError", "EnvironmentError"] { named[name] = named["OSError"] }
    addScalarClasses()
  }

  /// Adds a class that scripts find under another name, or in a module only.
  mutating func add(_ type: ClassObject, _ key: String) { named[key] = type }

  /// The classes that a script sees by name.
  var visible: [String: Value] {
    let hidden: Set<String> = [
      "NoneType", "function", "builtin_function_or_method", "method", "module", "ndarray",
      "iterator", "ellipsis",
    ]
    return named.filter { !hidden.contains($0.key) && !$0.key.hasPrefix("numpy.") }.mapValues {
      .type($0)
    }
  }

  func named(_ name: String) -> ClassObject { named[name] ?? ClassObject(name) }

  func exception(_ name: String) -> ClassObject {
    named[name] ?? named["numpy.\(name)"] ?? ClassObject(name, bases: [named("Exception")])
  }

  mutating func release() {
    for type in named.values { type.empty() }
    named = [:]
  }
}

extension Evaluator {
  /// The class of a value.
  func type(of value: Value) -> ClassObject {
    switch value {
    case .instance(let instance): instance.type
    case .native(let object): keras.type(of: object) ?? types.named(object.typeName)
    case .scalar(let scalar): types.scalarClass(scalar.dtype)
    default: types.named(typeName(of: value))
    }
  }

  /// The name of a value's class.
  func typeName(of value: Value) -> String {
    switch value {
    case .none: "NoneType"
    case .ellipsis: "ellipsis"
    case .notImplemented: "NotImplementedType"
    case .bool: "bool"
    case .int: "int"
    case .float: "float"
    case .string: "str"
    case .bytes: "bytes"
    case .tuple: "tuple"
    case .list: "list"
    case .dict(let dict): dict.factory == nil ? "dict" : "defaultdict"
    case .set(let set): set.isFrozen ? "frozenset" : "set"
    case .range: "range"
    case .slice: "slice"
    case .function: "function"
    case .builtin: "builtin_function_or_method"
    case .method: "method"
    case .type: "type"
    case .instance(let instance): instance.type.name
    case .module: "module"
    case .iterator: "iterator"
    case .array: "ndarray"
    case .scalar(let scalar): scalar.dtype.name
    case .native(let object): object.typeName
    case .unknown: "unknown"
    }
  }

  func isInstance(_ value: Value, of type: ClassObject) -> Bool {
    if case .native(let object) = value, object.isInstance(of: type) { return true }
    let own = self.type(of: value)
    if own.isSubclass(of: type) { return true }
    return !type.isScripted && own.isSubclass(ofNamed: type.name)
  }
}
