import Neural
import Screen

/// A row of the Run screen: one thing at every timestep.
struct Lane {
  /// What stands in a column.
  enum Cell: Hashable {
    /// Not read yet at this s.
    case pending
    /// Read, but its number is not at hand: it is being computed again.
    case unknown
    /// The mask is 0: the state was carried over.
    case skipped
    /// A number.
    case value(Float)
    /// Two directions side by side, in the order of the output.
    case halves(Float, Float)
    /// A timestep counts for the layer, or not; `nil`: some of the column do.
    case counts(Bool?)
    /// A character of the input.
    case character(Character)
  }

  /// What the row is for: which colour it has, and what a click on it means.
  enum Role: Hashable {
    case text
    case input
    case mask
    case direction(isBackward: Bool)
    case output
    /// A part of the output by itself.
    case half(isBackward: Bool)
  }

  var role: Role
  var title: String
  /// What stands behind the columns.
  var detail = StyledText()
  var cells: [Cell]
  var heat = Heat(limit: 1)
  /// The timestep that is read now.
  var head: Int?
  /// Words in the middle of the row, between what stands at its ends: the longest that fits.
  var words: [StyledText] = []
  /// Whether something will stand at both ends, beside the words.
  var ends = false
  /// The colours of the halves of a cell.
  var halves: (Color, Color) = (.forward, .backward)

  /// The colour of its numbers.
  var color: Color {
    switch role {
    case .input, .output: .features
    case .mask: .time
    case .text: .accent
    case .direction(let isBackward), .half(let isBackward): isBackward ? .backward : .forward
    }
  }
}

/// The rows of a layer at a time of the clock.
struct Lanes {
  let subject: RunSubject
  let clock: RunClock
  let columns: TimeColumns
  /// What is looked at.
  let unit: Int, feature: Int, sample: Int
  /// The characters of the input, where the layer's timesteps are theirs.
  var characters: [Character]?

  /// All rows, from the top.
  var rows: [Lane] {
    guard subject.timesteps != nil else { return [] }
    var rows: [Lane] = []
    if let characters { rows.append(row(ofText: characters)) }
    if let input = subject.input, input.timesteps == clock.timesteps { rows.append(row(of: input)) }
    if let mask = subject.mask, mask.rank == 2, mask.sizes[1] == clock.timesteps {
      rows.append(row(ofMask: mask))
    }
    guard let recording = subject.recording else {
      if let output = subject.outputs.first { rows.append(row(ofOutput: output)) }
      return rows
    }
    for direction in recording.directions { rows.append(row(of: direction, recording)) }
    return rows + outputRows(recording)
  }

  /// The state of a unit in every column as far as a direction has read; `nil` where it was not
  /// read, NaN among numbers where it is NaN, and `.unknown` where it is not at hand.
  ///
  /// A column of several timesteps shows the largest magnitude among those that were read; in a
  /// run that is too long to be kept one of them.
  func states(of direction: DirectionRecording, unit: Int) -> [Lane.Cell] {
    let read = clock.read(isBackward: direction.isBackward)
    let isKept = direction.covers(0) && direction.covers(clock.timesteps - 1)
    var overview: [(t: Int, value: Float)]?
    if columns.stepsPerColumn > 1, columns.skips || !isKept {
      overview = direction.overview(
        .hiddenState, unit: unit, sample: sample, columns: columns.count)
    }
    return (0..<columns.count).map { column in
      let steps = columns.steps(column).clamped(to: read)
      guard !steps.isEmpty else { return .pending }
      if columns.looked(at: steps).allSatisfy({ isSkipped($0) }) { return .skipped }
      if let overview { return .value(overview[column].value) }
      let known = columns.looked(at: steps).compactMap {
        direction.value(.hiddenState, t: $0, unit: unit, sample: sample)
      }
      return known.isEmpty ? .unknown : .value(known.peak)
    }
  }

  /// A feature of a layer in a column.
  func peak(_ values: ActivationTensor, column: Int, feature: Int) -> Float {
    columns.looked(at: columns.steps(column)).lazy
      .map { values.value(sample: sample, t: $0, feature: feature) }.peak
  }

  private func isSkipped(_ t: Int) -> Bool {
    subject.recording.map { !$0.counts(t, sample: sample) } ?? false
  }

  private func row(of input: ActivationTensor) -> Lane {
    let index = min(feature, max(input.features - 1, 0))
    var lane = Lane(role: .input, title: "input x", cells: [])
    lane.detail = StyledText("F ", Style(.features, bold: true))
    lane.detail.append("\(input.features)", Style(.features))
    if input.features > 1 { lane.title = "input x[\(index)]" }
    lane.heat = Heat(limit: subject.inputScale)
    lane.cells = (0..<columns.count).map {
      .value(peak(input, column: $0, feature: index))
    }
    return lane
  }

  private func row(ofText characters: [Character]) -> Lane {
    var lane = Lane(role: .text, title: "text", cells: [])
    lane.cells = (0..<columns.count).map { column in
      let t = columns.steps(column).lowerBound
      return .character(t < characters.count ? characters[t] : " ")
    }
    lane.detail = StyledText("\(characters.count) characters", .muted)
    return lane
  }

  private func row(ofMask mask: Tensor) -> Lane {
    var lane = Lane(role: .mask, title: "mask", cells: [])
    let sample = min(sample, mask.sizes[0] - 1)
    lane.cells = (0..<columns.count).map { column in
      let flags = columns.looked(at: columns.steps(column)).map { mask[sample, $0] != 0 }
      return .counts(flags.allSatisfy { $0 } ? true : flags.contains(true) ? nil : false)
    }
    if columns.stepsPerColumn < 32 {
      let skipped = (0..<clock.timesteps).count { mask[sample, $0] == 0 }
      lane.detail = StyledText("\(skipped) skipped", .muted)
    }
    return lane
  }

  private func row(of direction: DirectionRecording, _ recording: LayerRecording) -> Lane {
    let isBackward = direction.isBackward
    var lane = Lane(
      role: .direction(isBackward: isBackward),
      title: isBackward ? "backward ←" : "forward  →", cells: [])
    lane.head = clock.timestep(isBackward: isBackward)
    lane.heat = Heat(limit: subject.stateScale)
    lane.cells = states(of: direction, unit: min(unit, direction.units - 1))
    lane.detail = StyledText(
      "\(direction.units)" + (isBackward ? "←" : "→"), Style(isBackward ? .backward : .forward))
    return lane
  }

  /// The output of a layer that does not walk: all of it was computed at once.
  private func row(ofOutput output: ActivationTensor) -> Lane {
    let index = min(unit, max(output.features - 1, 0))
    var lane = Lane(role: .output, title: "output y[\(index)]", cells: [])
    lane.heat = Heat(limit: subject.scale)
    lane.head = clock.s
    lane.cells = (0..<columns.count).map {
      .value(peak(output, column: $0, feature: index))
    }
    lane.detail = output.shape.styledFeatures
    return lane
  }
}
