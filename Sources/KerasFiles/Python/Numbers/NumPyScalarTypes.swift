extension Evaluator {
  /// The class of a type's numbers: `numpy.float32`, a class and a function.
  func scalarType(_ dtype: DType) -> Value { .type(types.scalarClass(dtype)) }

  /// The name of a module member that is a type, such as `float32` or `int_`.
  static func scalarTypeNamed(_ name: String) -> DType? {
    switch name {
    case "bool_", "bool": .bool
    case "int_", "intp", "longlong", "long": .int64
    case "intc": .int32
    case "uint", "uintp": .uint64
    case "ubyte": .uint8
    case "byte": .int8
    case "short": .int16
    case "ushort": .uint16
    case "single": .float32
    case "double", "float_", "longdouble": .float64
    case "half": .float16
    case "str_": .string
    case "object_": .object
    default: name == "str" || name == "object" ? nil : DType(rawValue: name)
    }
  }
}

extension BuiltinTypes {
  /// The classes above NumPy's numbers, by name.
  static let abstractScalars = [
    "generic": "object", "number": "generic", "integer": "number", "signedinteger": "integer",
    "unsignedinteger": "integer", "inexact": "number", "floating": "inexact",
  ]

  /// The class of the numbers of a type.
  func scalarClass(_ dtype: DType) -> ClassObject { named("numpy.\(dtype.name)") }

  /// NumPy's classes of numbers.
  mutating func addScalarClasses() {
    for name in [
      "generic", "number", "integer", "signedinteger", "unsignedinteger", "inexact", "floating",
    ] {
      let base = Self.abstractScalars[name] ?? "object"
      add(
        ClassObject(name, bases: [named(base == "object" ? base : "numpy.\(base)")]),
        "numpy.\(name)")
    }
    for dtype in DType.allCases {
      let family =
        dtype.isFloat
        ? "numpy.floating"
        : dtype.isUnsigned
          ? "numpy.unsignedinteger" : dtype.isInteger ? "numpy.signedinteger" : "numpy.generic"
      var bases = [named(family)]
      if dtype == .float64 { bases.append(named("float")) }
      if dtype == .string { bases.append(named("str")) }
      add(
        ClassObject(dtype.name, bases: bases, construct: Self.scalarConstructor(dtype)),
        "numpy.\(dtype.name)")
    }
  }

  private static func scalarConstructor(_ dtype: DType) -> Builtin {
    Builtin(dtype.name) { evaluator, arguments in
      try evaluator.arrays {
        guard let value = arguments.positional.first else {
          return .numbers(try NDArray([], ints: [0]).converted(to: dtype))
        }
        return .numbers(try evaluator.ndarray(from: value).converted(to: dtype))
      }
    }
  }
}
