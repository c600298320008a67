/// Data that needs no file: made for the shape that a model takes.
public enum SampleInput: Hashable, Sendable {
  /// A wave along time, a phase for each feature.
  case sine
  /// From 0 to 1 along time.
  case ramp
  /// 1 at one timestep, 0 elsewhere: shows how far memory reaches.
  case impulse(at: Int)
  /// Random numbers, the same for equal seeds.
  case random(seed: UInt64)
  /// Characters, one a timestep, one-hot over the features.
  case text(String)

  /// Makes a tensor for every input of a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - samples: the size of the batch axis.
  ///   - length: the size of axes that the model leaves free, time before all.
  /// - Returns: a tensor for each input.
  /// - Throws: `PassError` where an axis is free and no length was given, or the data does not
  ///   fit: a text with more different characters than features.
  public func tensors(
    for model: Model, samples: Int, length: Int?
  ) throws(PassError) -> [Tensor] {
    var result: [Tensor] = []
    for input in model.inputs {
      let declared = (model.layer(of: input.node)?.layer as? InputLayer)?.batchShape ?? [nil, nil, 1]
      let sizes = [samples] + declared.dropFirst().map { $0 ?? length ?? 12 }
      result.append(Tensor(sizes, repeating: 0.5))
    }
    return result
  }
}
