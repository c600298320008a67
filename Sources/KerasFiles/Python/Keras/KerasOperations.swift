import Neural
import OrderedCollections

/// What an operation is called with: tensors, constants in their places, settings.
private struct OperationCall {
  var tensors: [SymbolicTensor] = []
  /// A constant at each operand's place, `null` where a tensor stands.
  var constants: [ConfigValue] = []
  var settings: [(String, Value)] = []
  /// The first operand that is not known.
  var doubt: Unknown?
  /// Places of constants whose numbers are not known.
  var unknownPlaces: Set<Int> = []
  /// Whether the position that is taken is not known.
  var isPositionUnknown = false
}

extension Evaluator {
  /// Calls a function of Keras' that makes a node of the graph.
  func call(
    _ function: Neural.OperationFunction, named name: String, _ arguments: CallArguments
  ) throws -> Value {
    let given = try bind(arguments, to: function, name)
    guard try holdsTensor(given.values) else {
      if keras.run != nil {
        if let result = try runFunction(name, arguments) { return result }
        let result = try computed(arguments) { try self.call(function, named: name, $0) }
        if let result { return result }
      }
      return try numeric(name, arguments)
    }
    var call = OperationCall()
    for parameter in function.parameters {
      guard let value = given[parameter.name] else {
        if parameter.defaultValue == nil, parameter.role != .ignored {
          throw fault("\(name) needs \(parameter.name)", type: "TypeError")
        }
        if case .setting(let key) = parameter.role, let standard = parameter.defaultValue {
          call.settings.append((key, self.value(from: standard)))
        }
        continue
      }
      switch parameter.role {
      case .tensor, .operand: try add(value, to: &call)
      case .tensors: try addAll(value, to: &call)
      case .operands: for operand in value.sequence ?? [value] { try add(operand, to: &call) }
      case .setting(let key): call.settings.append((key, value))
      case .ignored: break
      }
    }
    return try record(function.className, call, makesLayer: function.makesLayer)
  }

  /// An operator such as `x + 2`, `-x` or `x[:, -1]`.
  func operation(_ className: String, operands: [Value], key: Value? = nil) throws -> Value {
    var call = OperationCall()
    for operand in operands { try add(operand, to: &call) }
    if let key {
      guard let index = try self.index(from: key) else {
        return unknown(nil, "the bounds of this part of a tensor are not known")
      }
      call.settings.append(("key", .native(ConfigObject("key", index))))
      call.isPositionUnknown = (key.sequence ?? [key]).contains(where: \.isUnknown)
    }
    return try record(className, call, makesLayer: false)
  }

  private func record(
    _ className: String, _ call: OperationCall, makesLayer: Bool
  ) throws -> Value {
    if let doubt = call.doubt {
      // While a Lambda is looked at, what is not known makes its result unknown, no error.
      if keras.isProbing { return .unknown(doubt.derived(nil)) }
      throw fault(needing: "an operand of \(className)", doubt)
    }
    guard
      var layer = makesLayer
        ? LayerCatalog.type(named: className)?.init()
        : OperationCatalog.operation(named: className)
    else { throw fault("\(className) of a tensor is not supported") }
    if call.constants.contains(where: { !$0.isNull }) {
      try set("operands", .list(call.constants), &layer, className)
    }
    for (key, value) in call.settings {
      // An unset setting keeps its default.
      if case .none = value, layer.value(of: key)?.isNull ?? true { continue }
      try set(key, try config(from: value, for: key), &layer, className)
    }
    if !call.unknownPlaces.isEmpty, var operation = layer as? any OperandOperation {
      operation.operands.unknownPlaces = call.unknownPlaces
      layer = operation
    }
    if call.isPositionUnknown, var part = layer as? GetItem {
      part.isPositionUnknown = true
      layer = part
    }
    try charge(100)
    let named = NamedLayer(keras.name(for: className), layer)
    let object = try keep(LayerObject(named, at: location))
    return try keras.result(try keras.record(object, on: call.tensors, in: self), in: self)
  }

  private func set(
    _ key: String, _ value: ConfigValue, _ layer: inout any Layer, _ className: String
  ) throws {
    do {
      try layer.set(key, to: value)
    } catch {
      throw fault("\(className): \(error.message)")
    }
  }

  private func bind(
    _ arguments: CallArguments, to function: Neural.OperationFunction, _ name: String
  ) throws -> OrderedDictionary<String, Value> {
    var given: OrderedDictionary<String, Value> = [:]
    let parameters = function.parameters
    var positional = arguments.positional
    if parameters.last?.role == .operands, positional.count >= parameters.count {
      let rest = positional.dropFirst(parameters.count - 1)
      positional = positional.dropLast(rest.count) + [.tuple(Array(rest))]
    }
    guard positional.count <= parameters.count else {
      throw fault(
        "\(name) takes at most \(parameters.count) arguments, found \(arguments.positional.count)",
        type: "TypeError")
    }
    for (parameter, value) in zip(parameters, positional) {
      given[parameter.name] = value
    }
    for (keyword, value) in arguments.keywords {
      let same = ["keep_dims": "keepdims", "shape": "newshape"][keyword]
      if parameters.contains(where: { $0.name == keyword }) {
        given[keyword] = value
      } else if let same, parameters.contains(where: { $0.name == same }) {
        given[same] = value
      } else if !["name", "dtype", "out", "training"].contains(keyword) {
        let near = nearest(to: keyword, in: parameters.map(\.name))
        throw fault(
          "\(name) has no argument '\(keyword)'", remedy: near.map { "did you mean \($0)?" } ?? "",
          type: "TypeError")
      }
    }
    return given
  }

  /// Whether a value is a tensor of a graph, or a list that holds one.
  func holdsSymbol(_ value: Value) -> Bool { (try? holdsTensor([value])) ?? false }

  private func holdsTensor(_ values: some Sequence<Value>) throws -> Bool {
    for value in values {
      switch value {
      case .native(let object): if object is SymbolicTensor { return true }
      case .list, .tuple:
        if try nested({ try holdsTensor(value.sequence ?? []) }) { return true }
      default: break
      }
    }
    return false
  }

  private func addAll(_ value: Value, to call: inout OperationCall) throws {
    if let unknown = value.unknown { call.doubt = call.doubt ?? unknown }
    for element in value.sequence ?? [value] { try add(element, to: &call) }
    // Tensors of a list have no places among constants.
    call.constants = []
    call.unknownPlaces = []
  }

  private func add(_ value: Value, to call: inout OperationCall) throws {
    switch value {
    case .native(let object):
      if let tensor = object as? SymbolicTensor {
        call.tensors.append(tensor)
        call.constants.append(.null)
      } else {
        throw fault("a '\(object.typeName)' stands where a tensor is needed", type: "TypeError")
      }
    case .array(let array):
      call.unknownPlaces.insert(call.constants.count)
      call.constants.append(try zeros(array))
    case .unknown(let unknown): call.doubt = call.doubt ?? unknown
    case .instance:
      throw fault("a '\(typeName(of: value))' stands where a tensor is needed", type: "TypeError")
    default: call.constants.append(try config(from: value, for: "an operand"))
    }
  }

  /// An array of data as a constant: its shape counts, its numbers are not known.
  private func zeros(_ array: ArrayValue) throws -> ConfigValue {
    var value = ConfigValue.double(0)
    for size in array.shape.reversed() {
      guard let size, size <= 1_000_000 else {
        throw fault("an array of unknown or large shape stands where a tensor is needed")
      }
      try charge(size)
      value = .list(Array(repeating: value, count: size))
    }
    return value
  }

  // MARK: x[…]

  /// What stands between the brackets; `nil` where the resulting shape is not known.
  private func index(from key: Value) throws -> ConfigValue? {
    guard case .tuple(let tuple) = key else { return try indexElement(key).map { .list([$0]) } }
    var elements: [ConfigValue] = []
    for element in tuple.elements {
      guard let index = try indexElement(element) else { return nil }
      elements.append(index)
    }
    return .list(elements)
  }

  private func indexElement(_ value: Value) throws -> ConfigValue? {
    switch value {
    case .none: return GetItem.Index.newAxis.configValue
    case .ellipsis: return GetItem.Index.ellipsis.configValue
    // Which position is taken makes no difference to the shape.
    case .unknown: return GetItem.Index.position(0).configValue
    case .slice(let slice):
      if slice.lower.isUnknown || slice.upper.isUnknown || slice.step.isUnknown { return nil }
      return GetItem.Index.slice(
        start: slice.lower.intValue, stop: slice.upper.intValue, step: slice.step.intValue
      ).configValue
    default:
      guard let position = value.intValue else {
        throw fault("a tensor is indexed with a '\(typeName(of: value))'", type: "TypeError")
      }
      return GetItem.Index.position(position).configValue
    }
  }

  // MARK: Without tensors

  /// A function of the backend on plain numbers and arrays.
  private func numeric(_ name: String, _ arguments: CallArguments) throws -> Value {
    if let unknown = arguments.firstUnknown { return .unknown(unknown.derived(nil)) }
    let symbols: [String: BinaryOperator] = [
      "add": .add, "subtract": .subtract, "multiply": .multiply, "true_divide": .divide,
      "divide": .divide, "power": .power, "pow": .power, "floor_divide": .floorDivide,
      "mod": .modulo,
    ]
    if arguments.positional.count == 2 {
      let (a, b) = (arguments.positional[0], arguments.positional[1])
      if let symbol = symbols[name] { return try binary(symbol, a, b) }
      if ["maximum", "minimum"].contains(name), let order = try order(a, b) {
        return (order > 0) == (name == "maximum") ? a : b
      }
    }
    if let function = numpyFunctions[name] { return try function(self, arguments) }
    return unknown(nil, "\(name) is computed from data")
  }

  /// A function of a backend that we do not know: on a tensor, its shape would matter.
  func callUnknown(_ function: BackendFunction, _ arguments: CallArguments) throws -> Value {
    guard try holdsTensor(arguments.positional + arguments.keywords.map(\.value)) else {
      if keras.run != nil, let result = try runFunction(function.name, arguments) { return result }
      if let function = numpyFunctions[function.name] { return try function(self, arguments) }
      return unknown(nil, "\(function.name) is not evaluated")
    }
    if keras.isProbing { return unknown(nil, "\(function.name) is not evaluated") }
    let prefix = "\(function.module)."
    let names = OperationCatalog.functions.keys.filter { $0.hasPrefix(prefix) }
      .map { $0.dropFirst(prefix.count) }.map(String.init)
    let near = nearest(to: function.name, in: names.sorted())
    throw fault(
      "\(function.module).\(function.name) of a tensor is not supported",
      remedy: near.map { "did you mean \($0)?" } ?? "use a layer or another function")
  }
}
