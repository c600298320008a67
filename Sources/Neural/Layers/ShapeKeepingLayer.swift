/// A layer that changes numbers but no shape: one input, and an output of the same axes.
package protocol ShapeKeepingLayer: Layer {
  /// How many axes the input must have; `nil` where any number does.
  static var requiredRank: Int? { get }
}

extension ShapeKeepingLayer {
  package static var requiredRank: Int? { nil }
  package var keepsAxes: Bool { true }
  package var masking: Masking { .passes }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    if let rank = Self.requiredRank {
      let roles = inputRoles(rank: rank) ?? Shape.defaultRoles(rank: rank)
      try input.requireRank(rank, axisNames(roles), for: className)
    }
    return [input]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    Explanation([.init("Why no parameters?", ["nothing here is trained"])])
  }
}

extension Layer {
  /// How many parameters the layer needs on these inputs; 0 where it cannot stand on them.
  func parameterCount(for inputs: [Shape]) -> Count {
    ((try? weights(for: inputs)) ?? []).reduce(0) { $0 + $1.count }
  }
}

extension Axis {
  /// The size for an explanation: `128`, or the axis' letter where it is free.
  var sizeText: String { size.map { $0.grouped } ?? String(role.letter) }

  /// What the positions are called: `timesteps`, `features`, `rows`.
  var noun: String {
    switch role {
    case .batch: "samples"
    case .time: "timesteps"
    case .features: "features"
    case .height: "rows"
    case .width: "columns"
    case .channels: "channels"
    case .other: "positions"
    }
  }
}
