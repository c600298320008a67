/// Intersection over union: of all that is or is said to be of a class, how much is both.
///
/// Source: `keras/src/metrics/iou_metrics.py`.
struct IntersectionMeasure: MetricMeasure {
  private let classes: Int
  private let wanted: [Int]
  private let ignored: Int?
  private let hasSparseTargets: Bool
  private let hasSparsePredictions: Bool
  private let axis: Int
  /// Above which a prediction is of class 1, of two classes.
  private let threshold: Float?
  /// Whether weights are cut to whole numbers, as those of whole-number metrics are.
  private let countsWhole: Bool
  /// (classes, classes): meant, said.
  private var counts: [Double]

  init(_ read: ParameterReader<MetricFamily>) throws(PassError) {
    let name = read.object.className
    classes = name == "BinaryIoU" ? 2 : try read.whole("num_classes")
    guard classes >= 1, classes <= 1 << 12 else {
      throw read.error("num_classes", "from 1 to 4096")
    }
    if name == "MeanIoU" || name == "OneHotMeanIoU" {
      wanted = Array(0..<classes)
    } else {
      guard let list = read.value("target_class_ids")?.listValue else {
        throw read.error("target_class_ids", "a list of classes")
      }
      var wanted: [Int] = []
      for item in list {
        guard let id = item.intValue, id >= 0, id < classes else {
          throw PassError("\(name): class \(item) is none of the \(classes) classes")
        }
        wanted.append(id)
      }
      self.wanted = wanted
    }
    ignored = try read.optionalWhole("ignore_class")
    let (targets, predictions) = (try read.flag("sparse_y_true"), try read.flag("sparse_y_pred"))
    hasSparseTargets = name == "BinaryIoU" || (!name.hasPrefix("OneHot") && targets)
    hasSparsePredictions = name == "BinaryIoU" || predictions
    axis = try read.whole("axis", default: -1)
    threshold = name == "BinaryIoU" ? try read.number("threshold") : nil
    countsWhole = read.value("dtype")?.stringValue.map { $0.contains("int") } ?? true
    counts = Array(repeating: 0, count: classes * classes)
  }

  mutating func update(_ batch: MetricBatch) throws(PassError) {
    let targets = try hasSparseTargets ? batch.targets : places(batch.targets)
    var said = try hasSparsePredictions ? batch.predictions : places(batch.predictions)
    if let threshold { said = said.map { $0 >= threshold ? 1 : 0 } }
    guard said.count == targets.count else { throw batch.mismatch }
    var weights: Tensor?
    if let given = batch.weights, given.count == targets.count {
      weights = given
    } else if let given = try LossWeighting.merged(targets.sizes, batch.weights, []) {
      guard given.rank <= targets.rank else { throw batch.mismatch }
      let ones = Array(repeating: 1, count: targets.rank - given.rank)
      weights = given.reshaped(given.sizes + ones).stretched(toSizes: targets.sizes)
    }
    for index in 0..<targets.count {
      guard let meant = whole(targets.values[index]), let answer = whole(said.values[index]),
        meant != ignored
      else { continue }
      let weight = weights?.values[index] ?? 1
      counts[meant * classes + answer] +=
        Double(countsWhole ? weight.rounded(.towardZero) : weight)
    }
  }

  /// A class; `nil` where it is none of them.
  private func whole(_ number: Float) -> Int? {
    guard let whole = Int(exactly: number.rounded(.towardZero)), whole >= 0, whole < classes else {
      return nil
    }
    return whole
  }

  private func places(_ tensor: Tensor) throws(PassError) -> Tensor {
    guard axis >= -tensor.rank, axis < tensor.rank else {
      throw PassError("axis \(axis) is not there: the shape is \(tensor.shape)")
    }
    let place = axis < 0 ? axis + tensor.rank : axis
    return tensor.transposed((0..<tensor.rank).filter { $0 != place } + [place]).largestPlaces()
  }

  var results: [Double] {
    var (sum, valid) = (0.0, 0.0)
    for id in wanted {
      var union = -counts[id * classes + id]
      for other in 0..<classes {
        union += counts[id * classes + other] + counts[other * classes + id]
      }
      guard union > 1e-9 else { continue }
      sum += counts[id * classes + id] / (union + 1e-7)
      valid += 1
    }
    return [sum / (valid + 1e-7)]
  }

  mutating func reset() { counts = Array(repeating: 0, count: classes * classes) }
}
