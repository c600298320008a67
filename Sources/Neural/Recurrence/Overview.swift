extension DirectionRecording {
  /// A state of a unit at places spread over all timesteps: what a lane shows that has several
  /// timesteps a column.
  ///
  /// It looks numbers up and computes none: it takes them from what is at hand, or else from the
  /// nearest checkpoint.
  /// - Parameters:
  ///   - quantity: the hidden state, or the cell state of an LSTM.
  ///   - unit: the unit.
  ///   - sample: the sample.
  ///   - columns: how many parts the timesteps fall into.
  /// - Returns: for each column a timestep and the state after it; `nil` where the layer has no
  ///   such state, or all of it would have to be computed.
  public func overview(
    _ quantity: Quantity, unit: Int, sample: Int, columns: Int
  ) -> [(t: Int, value: Float)]? {
    guard columns > 0, timesteps > 0, (0..<units).contains(unit), (0..<batch).contains(sample),
      let state = type(of: layer).stateQuantities.firstIndex(of: quantity)
    else { return nil }
    return (0..<columns).map { column in
      let middle = min(
        Int((Double(column) + 0.5) / Double(columns) * Double(timesteps)), timesteps - 1)
      if let value = value(quantity, t: middle, unit: unit, sample: sample) {
        return (middle, value)
      }
      return nearest(to: position(of: middle), state: state, unit: unit, sample: sample)
    }
  }

  /// The state at the checkpoint nearest to a position: those before the first step count as the
  /// first timestep's.
  private func nearest(
    to position: Int, state: Int, unit: Int, sample: Int
  ) -> (t: Int, value: Float) {
    // Checkpoint k has the states before position k × interval: after the one before that.
    let interval = max(plan.interval, 1)
    let checkpoint = min(
      (position + 1 + interval / 2) / interval, max(plan.checkpointCount - 1, 0))
    let stateCount = type(of: layer).stateNames.count
    let offset = ((checkpoint * stateCount + state) * batch + sample) * units + unit
    let value =
      offset < checkpoints.count
      ? checkpoints.start[offset] : initialStates[state].values[sample * units + unit]
    return (walk.timestep(at: max(checkpoint * interval - 1, 0)), value)
  }
}
