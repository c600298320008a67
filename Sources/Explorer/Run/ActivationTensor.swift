import Neural

/// A layer's output seen as timesteps and features, wherever its time axis stands.
struct ActivationTensor {
  /// The numbers.
  let tensor: Tensor
  /// Their shape, axes named.
  let shape: Shape
  /// The axis of time; `nil` where there is none.
  let timeAxis: Int?
  private let outer: Int
  private let inner: Int

  /// The numbers of a tensor whose axes mean what `shape` says.
  init(_ tensor: Tensor, _ shape: Shape) {
    self.tensor = tensor
    self.shape = shape.rank == tensor.rank ? shape : tensor.shape
    timeAxis = self.shape.axes.indices.dropFirst().first { [axes = self.shape.axes] in
      axes[$0].role == .time
    }
    let behindBatch = tensor.sizes.dropFirst()
    if let axis = timeAxis {
      outer = tensor.sizes[1..<axis].reduce(1, *)
      inner = tensor.sizes[(axis + 1)...].reduce(1, *)
    } else {
      outer = 1
      inner = behindBatch.reduce(1, *)
    }
  }

  /// How many samples there are.
  var samples: Int { tensor.sizes.first ?? 1 }
  /// How many timesteps there are; `nil` where there is no such axis.
  var timesteps: Int? { timeAxis.map { tensor.sizes[$0] } }
  /// How many numbers a timestep of a sample has, or a sample without timesteps.
  var features: Int { outer * inner }

  /// The parts of the features, one after the other; empty where they have none.
  var parts: [Part] {
    guard outer == 1, let last = shape.axes.last, last.role != .time,
      inner == tensor.sizes.last, last.parts.allSatisfy({ $0.size != nil }),
      last.parts.reduce(0, { $0 + ($1.size ?? 0) }) == features
    else { return [] }
    return last.parts
  }

  /// The number of a feature at a timestep; the nearest there is, NaN where there is none.
  func value(sample: Int, t: Int, feature: Int) -> Float {
    let steps = timesteps ?? 1
    guard features > 0, steps > 0, samples > 0 else { return .nan }
    let (sample, t) = (min(max(sample, 0), samples - 1), min(max(t, 0), steps - 1))
    let feature = min(max(feature, 0), features - 1)
    let (o, i) = (feature / inner, feature % inner)
    return tensor.values[((sample * outer + o) * steps + t) * inner + i]
  }

  /// The number of largest magnitude among some features; NaN where one of them is.
  func peak(sample: Int, t: Int, features: Range<Int>) -> Float {
    features.lazy.map { value(sample: sample, t: t, feature: $0) }.peak
  }
}

extension Sequence where Element == Float {
  /// The number of largest magnitude; NaN where one is, 0 where there are none.
  var peak: Float {
    var peak: Float = 0
    for number in self {
      if number.isNaN { return number }
      if number.magnitude > peak.magnitude { peak = number }
    }
    return peak
  }
}
