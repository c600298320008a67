/// A layer that applies another one: `Bidirectional`, `TimeDistributed`, an `RNN` its cell.
package protocol WrapperLayer: Layer {
  /// Keras' key for the layer it applies.
  static var innerKey: String { get }
  /// The layer it applies.
  var inner: NamedLayer { get set }
  /// The layer it applies the other way round, where that has settings of its own.
  var backward: NamedLayer? { get set }

  /// A wrapper of `inner`, all else by default.
  init(_ inner: NamedLayer)
}

extension WrapperLayer {
  /// `layer`.
  package static var innerKey: String { "layer" }
  /// None.
  package var backward: NamedLayer? {
    get { nil }
    set {}
  }
}
