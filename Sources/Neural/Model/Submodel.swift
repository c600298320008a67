/// A model that stands as a layer of another.
///
/// Inputs and outputs are the model's own. Keras shows it with its class, `Sequential` or
/// `Functional`; a `Sequential` without an input shape takes that of its first call.
package struct Submodel: Layer {
  package static let className = "Functional"
  package static let settings: [Setting<Submodel>] = []
  package static let summary = "a whole model as one layer"

  /// The model.
  package var model: Model

  package init() { model = Model(name: "functional", kind: .functional) }

  /// `model` as a layer.
  package init(_ model: Model) { self.model = model }

  /// `Sequential` or `Functional`, or a class of one's own that derives from them.
  package var className: String {
    model.extra["class_name"]?.stringValue ?? model.kind.rawValue
  }
  package var inputCount: ClosedRange<Int> {
    max(model.inputs.count, 1)...max(model.inputs.count, 1)
  }
  package var masking: Masking { .uses(handsOn: false) }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    try fitting(inputs)
    let analysis = Analysis(of: model, inputShapes: inputs)
    if let (node, error) = analysis.firstError {
      let name = model.layer(of: node)?.name ?? "?"
      throw ShapeError("in \(model.name): \(name): \(error.message)", remedy: error.remedy)
    }
    return analysis.outputShapes
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    try fitting(inputs)
    let analysis = Analysis(of: model, inputShapes: inputs)
    var weights: [WeightSpec] = []
    for (id, layer) in model.layers {
      for var weight in analysis.weights[id] ?? [] {
        weight.bytesPerNumber = weight.bytesPerNumber ?? layer.bytesPerNumber
        weights.append(weight.owned(by: layer.name, trainable: layer.trainable))
      }
    }
    return weights
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    Analysis(of: model, inputShapes: inputs).multiplyAdds
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    let inner = model.layers.values.count { !($0.layer is InputLayer) && !$0.layer.isOperation }
    return Explanation([
      .init("What is it?", ["a \(className) of \(inner) layers", "that stands as one layer here"])
    ])
  }

  /// Checks the inputs against the shapes that the model was made for.
  private func fitting(_ shapes: [Shape]) throws(ShapeError) {
    guard shapes.count == max(model.inputs.count, 1) else {
      throw ShapeError("\(model.name) takes \(model.inputs.count) inputs, found \(shapes.count)")
    }
    for (input, shape) in zip(model.inputs, shapes) {
      guard let declared = (model.layer(of: input.node)?.layer as? InputLayer)?.batchShape else {
        continue
      }
      let fits =
        declared.count == shape.rank
        && zip(declared, shape.sizes).dropFirst().allSatisfy { agreeing($0, $1) != nil }
      guard fits else {
        throw ShapeError(
          "\(model.name) was made for an input of shape \(Shape(sizes: declared)), found \(shape)")
      }
    }
  }
}
