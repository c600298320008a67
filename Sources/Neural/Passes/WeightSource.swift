/// Weights that stand in a file and are read when they are needed.
public protocol WeightSource: AnyObject, Sendable {
  /// The layers whose weights it has.
  var layers: Set<LayerID> { get }

  /// The sizes of a layer's weights, in the order of `Layer.weights(for:)`; nothing is read.
  func sizes(of layer: LayerID) -> [[Int]]

  /// Why a layer's weights cannot be read though it has them; `nil`: nothing is known against it.
  func fault(of layer: LayerID) -> WeightFault?

  /// The weights of a layer, in the order of `Layer.weights(for:)`.
  ///
  /// - Throws: `WeightFault` where the file cannot be read, or holds other weights.
  func weights(of layer: LayerID) throws(WeightFault) -> LayerWeights

  /// The weights of all layers.
  ///
  /// - Throws: `WeightFault` where the file cannot be read, or holds other weights.
  func weights() throws(WeightFault) -> ModelWeights

  /// Hands the numbers of one weight out as they are read, some at a time in row-major order, so
  /// that it is never held whole.
  ///
  /// - Parameters:
  ///   - index: the weight's place in `Layer.weights(for:)`.
  ///   - layer: the layer.
  ///   - body: takes the next numbers.
  /// - Throws: `WeightFault` where the file cannot be read, or holds other weights.
  func stream(
    _ index: Int, of layer: LayerID, _ body: (UnsafeBufferPointer<Float>) -> Void
  ) throws(WeightFault)
}

extension WeightSource {
  /// Nothing.
  public func fault(of layer: LayerID) -> WeightFault? { nil }
}

/// Why weights cannot be read from their file, in one line with the file's name.
public struct WeightFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, what is wrong, and what to do.
  public var description: String

  /// Describes a fault.
  public init(_ description: String) { self.description = description }
}
