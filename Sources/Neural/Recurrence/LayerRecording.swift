/// Every timestep of a recurrent layer in one pass: of its only direction, or of both.
public struct LayerRecording: Sendable {
  /// The names of the layers around it, outermost first, where it stands in a wrapper or in a
  /// model that stands as a layer; empty for a layer of the model itself.
  public var path: [String] = []
  /// What was read: (batch, timesteps, features).
  public let input: Tensor
  /// Which timesteps counted, 1 or 0: (batch, timesteps); `nil`: all.
  public let mask: Tensor?
  /// The directions: one, or both in the order in which they stand in the output.
  ///
  /// That is the forward one and the backward one, unless `layer` has `go_backwards` and
  /// `backward_layer` has not.
  public internal(set) var directions: [DirectionRecording]
  /// How the directions became one; `nil` where there is only one, or two outputs.
  package let mergeMode: Bidirectional.MergeMode?
  /// What the layer gave: its output, or both where they stay apart.
  public let outputs: [Tensor]
  /// Whether it gave an output at each timestep, or its last state alone.
  public let returnsSequences: Bool

  /// How many samples there are.
  public var batch: Int { input.sizes[0] }
  /// How many timesteps there are.
  public var timesteps: Int { input.sizes[1] }
  /// How many features each timestep has.
  public var features: Int { input.sizes[2] }
  /// Whether a sequence in `outputs` has the last timestep first: its first direction reads
  /// backward.
  public var isReversed: Bool { directions.first?.isBackward ?? false }

  /// Whether a timestep counts for a sample.
  public func counts(_ t: Int, sample: Int) -> Bool {
    mask.map { $0.values[sample * timesteps + t] != 0 } ?? true
  }

  /// The recording with the timesteps `range` of every direction at hand, computed again from
  /// the nearest checkpoint where they were not kept.
  public func covering(_ range: Range<Int>) -> LayerRecording {
    var copy = self
    copy.directions = directions.map { $0.covering(range) }
    return copy
  }
}
