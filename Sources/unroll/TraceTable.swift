import KerasFiles
import Neural
import Screen

/// One unit of a recurrent layer at every timestep, as a table for each direction.
struct TraceTable {
  let layer: Trace.Layer
  let recording: LayerRecording
  let unit: Int
  /// The sample's place in the recording, and among all samples.
  let sample: Int, sampleLabel: Int

  /// Timesteps that are computed again at a time where they were not kept.
  private static let window = 4096
  private static let width = 10

  /// Writes the tables.
  ///
  /// - Throws: `Failure` where they cannot be written.
  func write(to output: inout StandardOutput) throws(Failure) {
    let title = [heading, "unit \(unit)", "sample \(sampleLabel)"].joined(separator: " · ")
    try output.write(Sanitizer.sanitized(title) + "\n")
    for direction in recording.directions {
      let arrow = direction.isBackward ? "←" : "→"
      let word = direction.isBackward ? "backward, t = \(direction.timesteps - 1) first" : "forward"
      try output.write(Sanitizer.sanitized("\(arrow) \(direction.name), \(word)") + "\n")
      try write(direction, to: &output)
    }
  }

  /// `bidirectional · LSTM 50→ 50←, concat`.
  private var heading: String {
    let units = recording.directions.map { "\($0.units)\($0.isBackward ? "←" : "→")" }
    let kind = recording.directions.first.map { type(of: $0.layer).className } ?? ""
    let mode = recording.mergeMode.map { ", \($0.rawValue)" } ?? ""
    return "\(layer.call.name) · \(kind) \(units.joined(separator: " "))\(mode)"
  }

  private func write(
    _ direction: DirectionRecording, to output: inout StandardOutput
  ) throws(Failure) {
    let first = max(String(direction.timesteps - 1).count, 1) + 2
    let names = direction.quantities.map { padded($0.rawValue, to: Self.width) }
    try output.write(padded("t", to: first) + names.joined() + "\n")
    var window = direction
    for t in 0..<direction.timesteps {
      if !window.covers(t) {
        window = direction.covering(t..<min(t + Self.window, direction.timesteps))
      }
      var line = padded(String(t), to: first)
      for quantity in direction.quantities {
        guard let value = window.value(quantity, t: t, unit: unit, sample: sample) else {
          throw Failure("\(layer.call.name): timestep \(t) was not kept")
        }
        line += padded(TraceTable.text(value), to: Self.width)
      }
      if !recording.counts(t, sample: sample) { line += "  skipped" }
      try output.write(line + "\n")
    }
  }

  private func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, text.isEmpty ? 0 : 1)) + text
  }

  /// A number with four decimals; large ones as they are.
  static func text(_ value: Float) -> String {
    guard value.isFinite, value.magnitude < 100_000,
      let scaled = Int(exactly: (Double(value.magnitude) * 10_000).rounded())
    else { return value.description }
    let decimals = String(10_000 + scaled % 10_000).dropFirst()
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return "\(sign)\(scaled / 10_000).\(decimals)"
  }
}
