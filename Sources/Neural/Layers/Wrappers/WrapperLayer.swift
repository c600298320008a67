/// A layer that applies another one: `Bidirectional`, `TimeDistributed`.
package protocol WrapperLayer: Layer {
  /// The layer it applies.
  var inner: NamedLayer { get set }
  /// The layer it applies the other way round, where that has settings of its own.
  var backward: NamedLayer? { get set }

  /// A wrapper of `inner`, all else by default.
  init(_ inner: NamedLayer)
}

extension WrapperLayer {
  /// None.
  package var backward: NamedLayer? {
    get { nil }
    set {}
  }
}
