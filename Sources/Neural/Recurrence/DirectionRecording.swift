/// Every timestep of one direction of a recurrent layer in one pass.
///
/// All timesteps are at hand, or those of a window: `covering(_:)` moves it.
public struct DirectionRecording: Sendable {
  /// How it was computed.
  let walk: TimestepWalk
  /// Its name: `forward_lstm`.
  public let name: String
  /// The states before the first step: (batch, units) each; h, and c of an LSTM.
  public let initialStates: [Tensor]
  let plan: RecordingPlan
  /// States before every `plan.interval`-th position: (checkpoint, state, batch, unit).
  let checkpoints: Numbers
  /// The positions in reading order that are at hand.
  let window: Range<Int>
  /// Their numbers: (position, batch, quantity, unit).
  let values: Numbers

  /// The layer that computed it.
  package var layer: any RecurrentLayer { walk.layer }
  /// Whether it read the last timestep first.
  public var isBackward: Bool { walk.isBackward }
  /// What was recorded for each unit, in the order in which it is kept.
  public var quantities: [Quantity] { type(of: walk.layer).quantities }
  /// How many samples there are.
  public var batch: Int { walk.batch }
  /// How many timesteps there are.
  public var timesteps: Int { walk.timesteps }
  /// How many units there are.
  public var units: Int { walk.layer.units }

  /// The position in reading order of timestep `t`, and the other way round.
  public func position(of t: Int) -> Int { isBackward ? timesteps - 1 - t : t }

  /// Whether the numbers of timestep `t` are at hand.
  public func covers(_ t: Int) -> Bool { window.contains(position(of: t)) }

  /// A number of timestep `t`; `nil` where it is not at hand or the layer has no such quantity.
  public func value(_ quantity: Quantity, t: Int, unit: Int, sample: Int) -> Float? {
    guard let numbers = numbers(quantity, t: t, sample: sample), numbers.indices.contains(unit)
    else { return nil }
    return numbers[unit]
  }

  /// A state before timestep `t`, in reading order: the one after the step before, or the
  /// initial one.
  public func previous(_ quantity: Quantity, t: Int, unit: Int, sample: Int) -> Float? {
    guard (0..<units).contains(unit) else { return nil }
    return previousStates(quantity, t: t, sample: sample)?[unit]
  }

  /// A quantity of all units at timestep `t`, where it is at hand; good while the recording is.
  func numbers(_ quantity: Quantity, t: Int, sample: Int) -> UnsafeBufferPointer<Float>? {
    let position = position(of: t)
    guard let place = quantities.firstIndex(of: quantity), window.contains(position),
      (0..<batch).contains(sample)
    else { return nil }
    let row = (position - window.lowerBound) * batch + sample
    return UnsafeBufferPointer(
      start: values.start + (row * quantities.count + place) * units, count: units)
  }

  /// The states of all units before timestep `t`: (units).
  func previousStates(_ quantity: Quantity, t: Int, sample: Int) -> [Float]? {
    let position = position(of: t)
    guard position > 0 else {
      guard position == 0, (0..<batch).contains(sample),
        let index = type(of: layer).stateQuantities.firstIndex(of: quantity),
        index < initialStates.count
      else { return nil }
      return Array(initialStates[index].values[(sample * units)..<((sample + 1) * units)])
    }
    guard type(of: layer).stateQuantities.contains(quantity) else { return nil }
    return numbers(quantity, t: isBackward ? t + 1 : t - 1, sample: sample).map(Array.init)
  }

  /// A quantity of all samples, timesteps and units, in time order: (batch, timesteps, units);
  /// `nil` where the layer has no such quantity or a timestep is not at hand.
  public func sequence(_ quantity: Quantity) -> Tensor? {
    guard let place = quantities.firstIndex(of: quantity), window == 0..<timesteps else {
      return nil
    }
    return Tensor([batch, timesteps, units]) { out in
      guard let to = out.baseAddress else { return }
      for sample in 0..<batch {
        for t in 0..<timesteps {
          let row = position(of: t) * batch + sample
          (to + (sample * timesteps + t) * units).update(
            from: values.start + (row * quantities.count + place) * units, count: units)
        }
      }
    }
  }

  /// The recording with the timesteps `range` at hand, and the step before each of them.
  ///
  /// Where they are not at hand they are computed again from the checkpoint before them, bit by
  /// bit as in the pass. The recording stays as it is where memory is short.
  public func covering(_ range: Range<Int>) -> DirectionRecording {
    let range = range.clamped(to: 0..<timesteps)
    guard !range.isEmpty else { return self }
    let ends = [position(of: range.lowerBound), position(of: range.upperBound - 1)]
    let first = max(min(ends[0], ends[1]) - 1, 0)
    let needed = first..<(max(ends[0], ends[1]) + 1)
    guard !window.contains(needed.lowerBound) || !window.contains(needed.upperBound - 1) else {
      return self
    }
    return moved(to: plan.window(around: needed, of: timesteps)) ?? self
  }

  private func moved(to window: Range<Int>) -> DirectionRecording? {
    guard plan.interval > 0 else { return nil }
    let checkpoint = window.lowerBound / plan.interval
    let stateNumbers = type(of: layer).stateNames.count * batch * units
    let states = TimestepWalk.States(
      numbers: Numbers(count: stateNumbers), counted: TimestepWalk.Flags(count: batch))
    states.numbers.start.update(
      from: checkpoints.start + checkpoint * stateNumbers, count: stateNumbers)
    let record = Numbers(count: window.count * batch * quantities.count * units)
    do throws(PassError) {
      try walk.run(
        (checkpoint * plan.interval)..<window.lowerBound, samples: 0..<batch, states: states,
        output: nil, record: nil)
      try walk.run(
        window, samples: 0..<batch, states: states, output: nil,
        record: walk.place(of: 0, in: record))
    } catch {
      return nil
    }
    return DirectionRecording(
      walk: walk, name: name, initialStates: initialStates, plan: plan, checkpoints: checkpoints,
      window: window, values: record)
  }
}
