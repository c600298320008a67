/// What a layer that we do not know can still be: a value that keeps what its file said.
package protocol OpaqueNode: Layer {
  /// The object of the file, whole.
  var original: ConfigValue { get set }
  /// The shapes that the file says come out; `nil` where it says none.
  var knownOutputs: [[Int?]]? { get set }
}

/// A layer of a class that we do not know: shown by its name, never executed.
package struct OpaqueLayer: OpaqueNode {
  package static let className = "Layer"
  package static let settings: [Setting<OpaqueLayer>] = []
  package static let summary = "a layer of a class that is not known here"

  package var original: ConfigValue = [:]
  package var knownOutputs: [[Int?]]?

  package init() {}
}

/// An operation that we do not know: shown by its name, never executed.
package struct OpaqueOperation: OpaqueNode {
  package static let className = "Operation"
  package static let settings: [Setting<OpaqueOperation>] = []
  package static let summary = "an operation that is not known here"
  package static var isOperation: Bool { true }

  package var original: ConfigValue = [:]
  package var knownOutputs: [[Int?]]?

  package init() {}
}

extension OpaqueNode {
  /// What the file said, whole, and the shapes that it says come out.
  package init(original: ConfigValue, knownOutputs: [[Int?]]? = nil) {
    self.init()
    self.original = original
    self.knownOutputs = knownOutputs
  }

  /// The class that the file names.
  package var className: String { original["class_name"]?.stringValue ?? Self.className }
  package var inputCount: ClosedRange<Int> { 0...largestSize }

  /// Whether the file says that it is a class of Keras, which is not known here.
  package var isOfKeras: Bool {
    let module = original["module"]?.stringValue ?? ""
    return module == "keras" || module.hasPrefix("keras.")
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    guard let knownOutputs else {
      throw ShapeError(
        "its output shape is not known here",
        remedy: isOfKeras
          ? "what Keras' \(className) is set to is kept all the same"
          : "only the code of \(className) tells")
    }
    return try knownOutputs.map { sizes throws(ShapeError) in
      guard sizes.count <= 32, sizes.allSatisfy({ (0...largestSize).contains($0 ?? 0) }) else {
        throw ShapeError("the file says that it makes an impossible shape")
      }
      var shape = Shape(sizes: sizes)
      // The batch is the input's, whatever it was when the file was written.
      if let batch = inputs.first?.axes.first, batch.role == .batch, !shape.axes.isEmpty {
        shape.axes[0].size = batch.size
      }
      return shape
    }
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard isOfKeras else {
      throw PassError(
        "\(className) is not one of Keras' own layers: only the code of its class can run it",
        remedy: "replace it with layers that are known here")
    }
    throw PassError(
      "Keras' \(className) cannot be run here: its settings are kept, no more",
      remedy: "replace it with layers that are known here")
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    Explanation([
      .init(
        "What does it do?",
        [
          isOfKeras
            ? "Keras' \(className) is not known here:"
            : "\(className) is not one of Keras' layers:",
          "its settings are kept as they are",
        ])
    ])
  }

  package func remarks(for inputs: [Shape]) -> [String] {
    ["\(className) is not known here: its parameters are not counted"]
  }
}
