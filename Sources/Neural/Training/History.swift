import OrderedCollections

/// The results of each epoch, by name, as Keras' `History` has them: `loss`, `accuracy`,
/// `val_loss`, ….
public struct History: Hashable, Sendable {
  /// The epochs, numbered from 0.
  public var epochs: [Int] = []
  /// A number an epoch for each result, in Keras' order: that of the alphabet.
  ///
  /// A value of validation has as many numbers as there were validations.
  public var values: OrderedDictionary<String, [Double]> = [:]

  /// No epochs.
  public init() {}

  /// Adds the results of an epoch.
  mutating func add(_ epoch: Int, _ results: OrderedDictionary<String, Double>) {
    epochs.append(epoch)
    for (name, value) in results { values[name, default: []].append(value) }
  }
}
