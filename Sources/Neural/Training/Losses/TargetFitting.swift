/// How targets stand beside predictions once axes of size 1 are added or left out.
///
/// Source: `squeeze_or_expand_to_same_rank` in `keras/src/losses/loss.py`.
struct TargetFitting {
  /// The sizes under which the predictions are read.
  var predictions: [Int]
  /// The sizes under which the targets are read.
  var targets: [Int]

  /// Fits targets to predictions by their sizes.
  ///
  /// - Parameters:
  ///   - predictions: the sizes of the predictions.
  ///   - targets: the sizes of the targets.
  ///   - weights: the sizes of weights and of the mask. Where these tell timesteps apart, targets
  ///     (n, t) for predictions (n, t, 1) get an axis; Keras takes the axis from the predictions,
  ///     and then cannot weigh timesteps any more.
  init(predictions: [Int], targets: [Int], weights: [[Int]] = []) {
    (self.predictions, self.targets) = (predictions, targets)
    if targets.count == predictions.count + 1, targets.last == 1 {
      if predictions.count == 1 {
        self.predictions.append(1)
      } else {
        self.targets.removeLast()
      }
    } else if predictions.count == targets.count + 1, predictions.last == 1 {
      let values = targets.count - 1
      if targets.count == 1 || weights.contains(where: { $0.rankThatCounts > values }) {
        self.targets.append(1)
      } else {
        self.predictions.removeLast()
      }
    } else if predictions.count == 1, targets.count == 1, !weights.isEmpty {
      self.predictions.append(1)
      self.targets.append(1)
    }
  }
}

extension [Int] {
  /// How many axes there are, those of size 1 at the end left out.
  var rankThatCounts: Int { count - reversed().prefix { $0 == 1 }.count }

  /// Whether axes of size 1 can be stretched so that these sizes become `sizes`.
  func stretches(to sizes: [Int]) -> Bool {
    count == sizes.count && zip(self, sizes).allSatisfy { $0 == $1 || $0 == 1 }
  }
}

extension Tensor {
  /// The tensor with axes of size 1 repeated up to `wanted`.
  ///
  /// - Precondition: `sizes.stretches(to: wanted)`.
  func stretched(toSizes wanted: [Int]) -> Tensor {
    guard sizes != wanted else { return self }
    var strides = Array(repeating: 0, count: rank)
    var step = 1
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      strides[axis] = sizes[axis] == 1 ? 0 : step
      step *= sizes[axis]
    }
    return Tensor(wanted) { out in
      var index = Array(repeating: 0, count: wanted.count)
      var from = 0
      for place in 0..<out.count {
        out[place] = values[from]
        var axis = wanted.count - 1
        while axis >= 0 {
          index[axis] += 1
          from += strides[axis]
          if index[axis] < wanted[axis] { break }
          from -= index[axis] * strides[axis]
          index[axis] = 0
          axis -= 1
        }
      }
    }
  }
}

extension LossFormula {
  /// The error for targets that do not fit predictions: both shapes, and what to do.
  func mismatch(predictions: [Int], targets: [Int]) -> PassError {
    PassError(
      "the targets are \(Shape(sizes: targets)), the predictions \(Shape(sizes: predictions))",
      remedy: remedy(predictions: predictions, targets: targets))
  }

  private func remedy(predictions: [Int], targets: [Int]) -> String {
    if let outputs = predictions.first, let given = targets.first, outputs != given {
      return "give a target for each sample"
    }
    let units = predictions.last ?? 1
    if takesClassNumbers, targets == predictions {
      if case .sparse = self { return "use categorical_crossentropy for one-hot targets" }
      return "give the number of a class for each answer"
    }
    let rank = targets.rankThatCounts
    if !takesClassNumbers, units > 1,
      targets == Array(predictions.dropLast()) || targets == predictions.dropLast() + [1]
    {
      switch self {
      case .binary, .binaryFocal:
        return
          "use sparse_categorical_crossentropy for class numbers, or give the last layer 1 unit"
      default:
        let instead =
          takesOneHot ? "use sparse_categorical_crossentropy for class numbers, or " : ""
        return instead + "make them one-hot: keras.utils.to_categorical(y, \(units))"
      }
    }
    if predictions.count == 3, rank < (takesClassNumbers ? 2 : 3) {
      return "the model answers at each timestep: give a target for each, "
        + "or let its last recurrent layer have return_sequences=False"
    }
    if predictions.count == 2, targets.count == 3 || (takesClassNumbers && rank == 2) {
      return "the model answers once: give one target for each sample, "
        + "or let its recurrent layers have return_sequences=True"
    }
    if targets.count == predictions.count, let wanted = targets.last, wanted != units,
      targets.dropLast() == predictions.dropLast()
    {
      return "give the last layer \(wanted) unit\(wanted == 1 ? "" : "s"), or the targets \(units)"
        + " number\(units == 1 ? "" : "s")"
    }
    return takesClassNumbers
      ? "give the number of a class for each answer" : "give targets of the predictions' shape"
  }
}
