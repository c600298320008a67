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

  /// Whether the function has parameters that Keras fills in when it calls the layer: what it
  /// computes then is not what it computes here.
  var asksForMask: Bool {
    guard case .function(let object) = function else { return false }
    return object.definition.parameters.positional.contains {
      ["mask", "training"].contains($0.name)
    }
  }
}

extension KerasSession {
  /// Works out what a Lambda makes of its inputs: the shape, and what it computes.
  func resolve(
    _ layer: LayerObject, _ inputs: [SymbolicTensor], in evaluator: Evaluator
  ) throws {
    guard var lambda = layer.named.layer as? Lambda, let source = layer.lambda else { return }
    if lambda.outputShape == nil, source.shape == nil {
      let output = try probe(source, inputs, in: evaluator)
      lambda.resolvedOutputShape = output?.shape.sizes
      lambda.computation = nil
      if let output, !source.asksForMask {
        lambda.computation = try computation(output, of: inputs, in: evaluator)
      }
    } else {
      lambda.computation = try computation(source, inputs, in: evaluator)
    }
    if let function = source.shape, lambda.outputShape == nil {
      lambda.resolvedOutputShape = try shape(from: function, inputs, in: evaluator)
    }
    if lambda.outputShape == nil {
      let isKnown = lambda.resolvedOutputShape != nil
      lambda.resolvedInputSizes = isKnown ? inputs.map(\.shape.sizes) : nil
    }
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

  /// Runs the function on symbolic tensors.
  ///
  /// - Returns: The tensor it gives; `nil` where that is not known.
  func probe(
    _ source: LambdaSource, _ inputs: [SymbolicTensor], in evaluator: Evaluator
  ) throws -> SymbolicTensor? {
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
    guard case .native(let object) = result else { return nil }
    return object as? SymbolicTensor
  }
}
