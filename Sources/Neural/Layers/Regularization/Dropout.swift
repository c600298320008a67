/// Sets a share of the numbers to 0 in training, and scales the others up to make up for it.
///
/// Input and output: any shape. Source: `keras/src/layers/regularization/dropout.py`.
package struct Dropout: ShapeKeepingLayer {
  package static let className = "Dropout"
  package static let summary = "in training, drops random numbers, so that none is relied on"

  /// Share of the numbers that is dropped.
  package var rate = 0.5
  /// Shape of the random choice; an axis of 1 is dropped as a whole.
  package var noiseShape: [Int?]?
  /// Seed of the random choice.
  package var seed: Int?

  package init() {}

  package static let settings: [Setting<Dropout>] = [
    RegularizationSettings.rate(\.rate),
    RegularizationSettings.noiseShape(\.noiseShape),
    RegularizationSettings.seed(\.seed),
  ]

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    RegularizationSettings.explanation("drops \(percent(rate)) of the numbers")
  }
}

/// Settings that layers with random effects share.
enum RegularizationSettings {
  static func rate<L: Layer>(_ path: WritableKeyPath<L, Double> & Sendable) -> Setting<L> {
    Setting("rate", path, .number(0...1), isRequired: true, help: "share that is dropped, 0 to 1")
  }

  static func noiseShape<L: Layer>(_ path: WritableKeyPath<L, [Int?]?> & Sendable) -> Setting<L> {
    Setting(
      "noise_shape", path, .sizes, help: "shape of the random choice; 1: the whole axis at once")
  }

  static func seed<L: Layer>(_ path: WritableKeyPath<L, Int?> & Sendable) -> Setting<L> {
    Setting("seed", path, .optionalInteger(0...largestSize), help: "seed of the random choice")
  }

  static func explanation(_ effect: String) -> Explanation {
    Explanation([
      .init(
        "What does it do?", ["in training:", effect, "afterwards nothing"]),
      .init("Why no parameters?", ["nothing here is trained"]),
    ])
  }
}

/// A share as people write it: `20 %`.
func percent(_ share: Double) -> String {
  let tenths = (share * 1000).rounded()
  guard let whole = Int(exactly: tenths) else { return "\(share)" }
  return whole % 10 == 0 ? "\(whole / 10) %" : "\(tenths / 10) %"
}
