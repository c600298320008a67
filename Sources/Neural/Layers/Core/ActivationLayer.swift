/// An activation function as a layer of its own: y = activation(x).
///
/// Input and output: any shape. Source: `keras/src/layers/activations/activation.py`.
package struct ActivationLayer: ShapeKeepingLayer {
  package static let className = "Activation"
  package static let summary = "applies a function such as relu to every number"

  /// The function.
  package var activation = Activation.linear

  package init() {}

  package static let settings: [Setting<ActivationLayer>] = [
    Setting("activation", \.activation, .activation, isRequired: true, help: "the function")
  ]

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    Explanation([.init("Why no parameters?", ["the function has nothing to train"])])
  }
}
