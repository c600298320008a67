import Neural

/// Operations as Python source: `x + y`, `x[:, -1]`, `ops.squeeze(x, axis=2)`.
enum OperationSource {
  /// An operation's call.
  ///
  /// - Parameters:
  ///   - layer: The operation.
  ///   - tensors: The variables it is called on.
  /// - Returns: The source; `nil` where the operation is not known.
  static func source(of layer: any Layer, on tensors: [String]) -> PythonExpression? {
    if let item = layer as? GetItem, let tensor = tensors.first {
      return (try? item.indices()).map { .raw("\(tensor)[\(subscripts($0))]") }
    }
    let operands = operands(of: layer, tensors)
    if let symbol = symbols[layer.className], operands.count == 2,
      operands.allSatisfy({ $0.isPlain })
    {
      return .raw("\(operands[0].inOperator) \(symbol) \(operands[1].inOperator)")
    }
    if layer.className == "Negative", let tensor = tensors.first { return .raw("-\(tensor)") }
    guard let (name, function) = functions[layer.className] else { return nil }
    return call(name, function, layer, operands.map(\.source))
  }

  private static let symbols = [
    "Add": "+", "Subtract": "-", "Multiply": "*", "TrueDivide": "/", "FloorDivide": "//",
    "Mod": "%", "Power": "**", "Matmul": "@", "Greater": ">", "GreaterEqual": ">=", "Less": "<",
    "LessEqual": "<=",
  ]

  /// A tensor or a constant.
  private struct Operand {
    var source: String
    /// Whether it is a tensor or a number, not an array.
    var isPlain = true
    var inOperator: String { source.hasPrefix("-") ? "(\(source))" : source }
  }

  private static func operands(of layer: any Layer, _ tensors: [String]) -> [Operand] {
    guard let constants = layer.value(of: "operands")?.listValue, !constants.isEmpty else {
      return tensors.map { Operand(source: $0) }
    }
    var rest = tensors[...]
    return constants.map { constant in
      if constant.isNull { return Operand(source: rest.popFirst() ?? "None") }
      guard let array = constant["config"], array["value"] != nil else {
        return Operand(source: PythonLiteral.value(constant), isPlain: constant.doubleValue != nil)
      }
      return Operand(source: PythonLiteral.array(array), isPlain: false)
    }
  }

  /// Each class's function in `keras.ops`, or `keras.activations`.
  private static let functions: [String: (name: String, function: OperationFunction)] = {
    var result: [String: (name: String, function: OperationFunction)] = [:]
    for module in ["keras.activations", "keras.ops"] {
      for (name, function) in OperationCatalog.functions where !function.makesLayer {
        guard name.hasPrefix(module + ".") else { continue }
        let short = String(name.dropFirst(module.count + 1))
        let source = module == "keras.ops" ? "ops.\(short)" : name
        // Of several names the one that is the class's own.
        if let known = result[function.className], known.name.hasPrefix("ops."),
          module == "keras.ops", short != snakeCase(function.className)
        {
          continue
        }
        result[function.className] = (source, function)
      }
    }
    return result
  }()

  private static func call(
    _ name: String, _ function: OperationFunction, _ layer: any Layer, _ operands: [String]
  ) -> PythonExpression {
    var rest = operands[...]
    var arguments: [PythonExpression.Argument] = []
    var isPositional = true
    for parameter in function.parameters {
      switch parameter.role {
      case .tensor, .operand:
        if let next = rest.popFirst() { arguments.append(.init(.raw(next))) }
      case .tensors:
        arguments.append(.init(.list(rest.map { .raw($0) })))
        rest = []
      case .operands:
        arguments += rest.map { .init(.raw($0)) }
        rest = []
      case .ignored: isPositional = false
      case .setting(let key):
        let value = layer.value(of: key) ?? .null
        if value == parameter.defaultValue {
          isPositional = false
          continue
        }
        let isShort = isPositional && parameter.defaultValue == nil && !key.contains("ax")
        if !isShort { isPositional = false }
        arguments.append(
          .init(
            .raw(PythonLiteral.value(value, tuples: true)),
            keyword: isShort ? nil : parameter.name))
      }
    }
    return .call(name, arguments)
  }

  private static func subscripts(_ indices: [GetItem.Index]) -> String {
    let texts = indices.map { index -> String in
      switch index {
      case .position(let position): String(position)
      case .newAxis: "None"
      case .ellipsis: "..."
      case .slice(let start, let stop, let step):
        (start.map(String.init) ?? "") + ":" + (stop.map(String.init) ?? "")
          + (step.map { ":\($0)" } ?? "")
      }
    }
    return texts.isEmpty ? "..." : texts.joined(separator: ", ")
  }
}
