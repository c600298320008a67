import Neural
import OrderedCollections

extension Evaluator {
  /// A Lambda: its function is never run by Python; what it makes of its input is worked out when
  /// the layer is called, by looking at the function's operations on a symbolic tensor.
  func makeLambda(_ given: inout OrderedDictionary<String, Value>) throws -> any Layer {
    var layer = Lambda()
    guard let function = given.removeValue(forKey: "function") else {
      throw fault("Lambda needs a function", remedy: "write Lambda(lambda x: …)", type: "TypeError")
    }
    layer.functionDescription = describe(function)
    var shapeFunction: Value?
    if let shape = given.removeValue(forKey: "output_shape"), !shape.isNone {
      if isCallable(shape) {
        shapeFunction = shape
      } else {
        layer.outputShape = try sizes(from: shape, for: "output_shape")
      }
    }
    let arguments = given.removeValue(forKey: "arguments").flatMap { $0.isNone ? nil : $0 }
    if let arguments {
      layer.arguments = (try? config(from: arguments, for: "arguments")) ?? [:]
    }
    given.removeValue(forKey: "mask")
    lambdaSource = LambdaSource(function: function, shape: shapeFunction, arguments: arguments)
    return layer
  }

  private func isCallable(_ value: Value) -> Bool {
    switch value {
    case .function, .builtin, .method: true
    default: false
    }
  }

  private func describe(_ function: Value) -> String {
    guard case .function(let object) = function else { return string(of: function) }
    guard object.definition.name == "<lambda>",
      case .returnValue(let body?)? = object.definition.body.first?.node
    else { return "def \(object.definition.name)" }
    let parameters = object.definition.parameters.positional.map(\.name).joined(separator: ", ")
    return "lambda \(parameters): \(text(of: body))"
  }
}

/// What a script gave a Lambda, kept beside the layer for the moment it is called.
final class LambdaSource {
  let function: Value
  let shape: Value?
  let arguments: Value?

  init(function: Value, shape: Value?, arguments: Value?) {
    self.function = function
    self.shape = shape
    self.arguments = arguments
  }
}

extension KerasSession {
  /// Works out what a Lambda makes of its inputs.
  func resolve(
    _ layer: LayerObject, _ inputs: [SymbolicTensor], in evaluator: Evaluator
  ) throws {
    guard var lambda = layer.named.layer as? Lambda, lambda.outputShape == nil,
      let source = layer.lambda
    else { return }
    let sizes = inputs.map(\.shape.sizes)
    if let function = source.shape {
      lambda.resolvedOutputShape = try shape(from: function, inputs, in: evaluator)
    } else {
      lambda.resolvedOutputShape = try probe(source, inputs, in: evaluator)
    }
    lambda.resolvedInputSizes = lambda.resolvedOutputShape == nil ? nil : sizes
    layer.named.layer = lambda
  }

  /// What the function given as `output_shape` says.
  private func shape(
    from function: Value, _ inputs: [SymbolicTensor], in evaluator: Evaluator
  ) throws -> [Int?]? {
    let shapes = try inputs.map { try $0.shapeValue(evaluator) }
    let argument = shapes.count == 1 ? shapes[0] : try evaluator.list(shapes)
    let result = try evaluator.call(function, CallArguments(positional: [argument]))
    return try evaluator.sizes(from: result, for: "output_shape")
  }

  /// Runs the function on symbolic tensors; nothing it makes is kept.
  private func probe(
    _ source: LambdaSource, _ inputs: [SymbolicTensor], in evaluator: Evaluator
  ) throws -> [Int?]? {
    let argument: Value =
      inputs.count == 1
      ? .native(inputs[0]) : try evaluator.list(inputs.map { .native($0) })
    var arguments = CallArguments(positional: [argument])
    if case .dict(let dict)? = source.arguments {
      for member in dict.members.values {
        arguments.keywords.append((evaluator.string(of: member.key), member.value))
      }
    }
    let result = try probing { try evaluator.call(source.function, arguments) }
    switch result {
    case .native(let object): return (object as? SymbolicTensor)?.shape.sizes
    case .unknown: return nil
    default: return nil
    }
  }
}
