/// What follows from counts of hits and misses.
enum ConfusionResult: Sendable {
  case count(Count)
  case precision
  case recall
  /// The largest of one ratio at a threshold where another is at least so large.
  case best(Ratio, given: Ratio, least: Float)
  case area(Curve, Summation)

  enum Count {
    case truePositives, trueNegatives, falsePositives, falseNegatives
  }

  enum Ratio {
    /// Of those that it says yes to, how many are.
    case precision
    /// Of those that are, how many it says yes to: sensitivity.
    case recall
    /// Of those that are not, how many it says no to.
    case specificity
  }

  enum Curve {
    /// Recall over the share of false alarms.
    case receiver
    /// Precision over recall.
    case precisionRecall
    /// Precision gain over recall gain.
    case gain
  }

  enum Summation {
    case interpolation, minoring, majoring
  }
}

/// The thresholds of a metric that counts hits and misses, and what it makes of the counts.
struct ConfusionSettings {
  /// What predictions become that are not among the largest.
  static let farBelow: Float = -1e10

  let result: ConfusionResult
  let thresholds: [Double]
  /// Whether the thresholds stand at equal distances from 0 to 1.
  let isEven: Bool

  init(_ read: ParameterReader<MetricFamily>) throws(PassError) {
    let name = read.object.className
    switch name {
    case "AUC":
      result = .area(try Self.curve(read), try Self.summation(read))
      let given = try read.optionalNumbers("thresholds")?.map { Double($0) }.sorted()
      let inner: [Double]
      if let given {
        inner = given
        isEven = Self.areEven([0] + given + [1])
      } else {
        let count = try read.whole("num_thresholds")
        guard count > 1 else { throw read.error("num_thresholds", "at least 2") }
        inner = try Self.spread(count, read)
        isEven = true
      }
      thresholds = [-1e-7] + inner + [1 + 1e-7]
    case "SensitivityAtSpecificity", "SpecificityAtSensitivity", "PrecisionAtRecall",
      "RecallAtPrecision":
      result = try Self.best(read)
      let count = try read.whole("num_thresholds")
      guard count > 0 else { throw read.error("num_thresholds", "at least 1") }
      thresholds = count == 1 ? [0.5] : [0] + (try Self.spread(count, read)) + [1]
      isEven = count > 1
    default:
      let hasTop = read.value("top_k")?.isNull == false
      let given = try read.optionalNumbers("thresholds")?.map { Double($0) }
      for threshold in given ?? [] where !(threshold >= 0 && threshold <= 1) {
        throw PassError("\(name): thresholds lie from 0 to 1, found \(threshold)")
      }
      thresholds = given ?? [hasTop ? Double(Self.farBelow) : 0.5]
      isEven = Self.areEven(thresholds)
      result =
        switch name {
        case "Precision": .precision
        case "Recall": .recall
        case "TruePositives": .count(.truePositives)
        case "TrueNegatives": .count(.trueNegatives)
        case "FalsePositives": .count(.falsePositives)
        default: .count(.falseNegatives)
        }
    }
  }

  /// The thresholds between 0 and 1.
  private static func spread(
    _ count: Int, _ read: ParameterReader<MetricFamily>
  ) throws(PassError) -> [Double] {
    guard count <= 1 << 20 else { throw read.error("num_thresholds", "a million at most") }
    return (0..<max(count - 2, 0)).map { Double($0 + 1) / Double(count - 1) }
  }

  /// Whether thresholds are those that equal distances from 0 to 1 give.
  private static func areEven(_ thresholds: [Double]) -> Bool {
    guard thresholds.count >= 3 else { return false }
    return thresholds.enumerated().allSatisfy { index, threshold in
      let even = Double(Float(index) / Float(thresholds.count - 1))
      return abs(threshold - even) <= 1e-7 + 1e-5 * abs(even)
    }
  }

  private static func best(
    _ read: ParameterReader<MetricFamily>
  ) throws(PassError) -> ConfusionResult {
    let (wanted, given, parameter): (ConfusionResult.Ratio, ConfusionResult.Ratio, String) =
      switch read.object.className {
      case "SensitivityAtSpecificity": (.recall, .specificity, "specificity")
      case "SpecificityAtSensitivity": (.specificity, .recall, "sensitivity")
      case "PrecisionAtRecall": (.precision, .recall, "recall")
      default: (.recall, .precision, "precision")
      }
    let least = try read.number(parameter)
    guard least >= 0, least <= 1 else { throw read.error(parameter, "a number from 0 to 1") }
    return .best(wanted, given: given, least: least)
  }

  private static func curve(
    _ read: ParameterReader<MetricFamily>
  ) throws(PassError) -> ConfusionResult.Curve {
    switch read.value("curve")?.stringValue {
    case "ROC", "roc": return .receiver
    case "PR", "pr": return .precisionRecall
    case "PRGAIN", "prgain": return .gain
    default: throw read.error("curve", "ROC, PR or PRGAIN")
    }
  }

  private static func summation(
    _ read: ParameterReader<MetricFamily>
  ) throws(PassError) -> ConfusionResult.Summation {
    switch read.value("summation_method")?.stringValue {
    case "interpolation", "Interpolation": return .interpolation
    case "minoring", "Minoring": return .minoring
    case "majoring", "Majoring": return .majoring
    default: throw read.error("summation_method", "interpolation, minoring or majoring")
    }
  }
}
