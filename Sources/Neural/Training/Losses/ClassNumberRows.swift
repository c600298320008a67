#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension LossRows {
  /// −ln q of the class that a target names; see `runCategorical`.
  ///
  /// The labels have been checked: each names a class, or the one that is ignored.
  func runSparse(fromLogits: Bool, ignoring ignored: Int?) {
    for row in 0..<count {
      let start = row * width
      let back = gradient.map { $0 + start }
      let label = Int(exactly: targets[row]) ?? -1
      guard label != ignored, label >= 0, label < width else {
        values[row] = 0
        if let back { back.update(repeating: 0, count: width) }
        continue
      }
      let factor = factor(row)
      if fromLogits {
        let (top, sum) = exponentials(predictions + start, into: back)
        values[row] = logf(sum) - (predictions[start + label] - top)
        if let back {
          let scale = factor / sum
          for index in 0..<width { back[index] *= scale }
          back[label] -= factor
        }
      } else {
        let sum = (predictions + start).sum(width)
        let share = Share(predictions[start + label] / sum)
        values[row] = -logf(share.clipped)
        if let back {
          let slope = -share.slope / share.clipped
          back.update(repeating: -slope * share.value / sum * factor, count: width)
          back[label] += slope / sum * factor
        }
      }
    }
  }

  /// (1 − p^q) / q of the class that a target names.
  func runGeneralized(exponent: Float) {
    for row in 0..<count {
      let start = row * width
      gradient.map { $0 + start }?.update(repeating: 0, count: width)
      guard let label = Int(exactly: targets[row]), label >= 0, label < width else {
        values[row] = 0
        continue
      }
      let prediction = predictions[start + label]
      values[row] = (1 - powf(prediction, exponent)) / exponent
      gradient?[start + label] = -powf(prediction, exponent - 1) * factor(row)
    }
  }
}

extension LossFormula {
  /// Whether every label names one of `classes` classes.
  ///
  /// - Parameters:
  ///   - labels: (samples, …).
  ///   - classes: how many there are.
  /// - Throws: `PassError` that names the first sample with another label, from 0.
  func check(labels: Tensor, classes: Int) throws(PassError) {
    var ignored: Int?
    switch self {
    case .sparse(_, let number): ignored = number
    case .generalized: break
    default: return
    }
    for (index, label) in labels.values.enumerated() {
      let number = Int(exactly: label)
      if let number, (number >= 0 && number < classes) || number == ignored { continue }
      let each = labels.sizes.dropFirst().reduce(1, *)
      var place = "sample \(index / max(each, 1))"
      if each > 1 { place += " (position \(index % each))" }
      guard let number else {
        throw PassError(
          "\(place) has the label \(Double(label).pythonDescription)",
          remedy: "labels are whole numbers, from 0 to \(classes - 1)")
      }
      let remedy =
        number < 0
        ? "labels count from 0"
        : "labels count from 0: the last layer needs \(number + 1) units or more"
      throw PassError(
        "\(place) has the label \(number), but the predictions have \(classes) "
          + (classes == 1 ? "class (0)" : "classes (0 to \(classes - 1))"),
        remedy: remedy)
    }
  }
}
