/// Every timestep of a recurrent layer in one pass: of its only direction, or of both.
public struct LayerRecording: Sendable {
  /// The names of the layers around it, outermost first, where it stands in a wrapper or in a
  /// model that stands as a layer; empty for a layer of the model itself.
  public var path: [String] = []
  /// What was read: (batch, timesteps, features).
  public let input: Tensor
  /// Which timesteps counted, 1 or 0: (batch, timesteps); `nil`: all.
  public let mask: Tensor?
  /// The directions: one, or the forward one and the backward one.
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

  /// Whether a timestep counts for a sample.
  public func counts(_ t: Int, sample: Int) -> Bool { mask.map { $0[sample, t] != 0 } ?? true }

  /// The recording with the timesteps `range` of every direction at hand, computed again from
  /// the nearest checkpoint where they were not kept.
  public func covering(_ range: Range<Int>) -> LayerRecording {
    var copy = self
    copy.directions = directions.map { $0.covering(range) }
    return copy
  }
}

/// Every timestep of one direction of a recurrent layer in one pass.
///
/// All timesteps are at hand, or those of a window: `covering(_:)` moves it.
public struct DirectionRecording: Sendable {
  /// The layer that computed it.
  package let layer: any RecurrentLayer
  /// Its name: `forward_lstm`.
  public let name: String
  /// Whether it read the last timestep first.
  public let isBackward: Bool
  /// What was recorded for each unit, in the order in which it is kept.
  public let quantities: [Quantity]
  /// How many samples, timesteps and units there are.
  public let batch: Int, timesteps: Int, units: Int
  /// The states before the first step: (batch, units) each; h, and c of an LSTM.
  public let initialStates: [Tensor]
  /// The positions in reading order that are at hand.
  let window: Range<Int>
  /// Their numbers: (position, batch, quantity, unit).
  let values: [Float]

  /// The position in reading order of timestep `t`, and the other way round.
  public func position(of t: Int) -> Int { isBackward ? timesteps - 1 - t : t }

  /// Whether the numbers of timestep `t` are at hand.
  public func covers(_ t: Int) -> Bool { window.contains(position(of: t)) }

  /// A number of timestep `t`; `nil` where it is not at hand or the layer has no such quantity.
  public func value(_ quantity: Quantity, t: Int, unit: Int, sample: Int) -> Float? {
    let position = position(of: t)
    guard let place = quantities.firstIndex(of: quantity), window.contains(position) else {
      return nil
    }
    let row = (position - window.lowerBound) * batch + sample
    return values[(row * quantities.count + place) * units + unit]
  }

  /// A state before timestep `t`, in reading order: the one after the step before, or the
  /// initial one.
  public func previous(_ quantity: Quantity, t: Int, unit: Int, sample: Int) -> Float? {
    let position = position(of: t)
    if position == 0 {
      let index = quantity == .cellState ? 1 : 0
      return index < initialStates.count ? initialStates[index][sample, unit] : nil
    }
    return value(quantity, t: isBackward ? t + 1 : t - 1, unit: unit, sample: sample)
  }

  /// A quantity of all samples, timesteps and units, in time order: (batch, timesteps, units);
  /// `nil` where the layer has no such quantity or a timestep is not at hand.
  public func sequence(_ quantity: Quantity) -> Tensor? {
    guard let place = quantities.firstIndex(of: quantity), window == 0..<timesteps else {
      return nil
    }
    return Tensor([batch, timesteps, units]) { out in
      for sample in 0..<batch {
        for t in 0..<timesteps {
          let row = position(of: t) * batch + sample
          let from = (row * quantities.count + place) * units
          for unit in 0..<units {
            out[(sample * timesteps + t) * units + unit] = values[from + unit]
          }
        }
      }
    }
  }

  /// The recording with the timesteps `range` at hand.
  public func covering(_ range: Range<Int>) -> DirectionRecording { self }
}
