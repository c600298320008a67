/// A loss with its parameters read: what is computed, along which axes, and how it is reduced.
struct LossFunction {
  var formula: LossFormula
  /// The axes that each value of the loss is made of, as given: negative ones count from the end;
  /// `nil`: all.
  var axes: [Int]?
  var reduction: LossReduction
}

/// What is computed for each row of predictions and targets.
enum LossFormula {
  case squaredError
  case absoluteError
  case percentageError
  case logarithmicError
  case huber(delta: Float)
  case logCosh
  case poisson
  case divergence
  case hinge
  case squaredHinge
  case categoricalHinge
  case cosine
  case binary(Crossentropy)
  case binaryFocal(Crossentropy, Focus, isBalanced: Bool)
  case categorical(Crossentropy)
  case categoricalFocal(Crossentropy, Focus)
  case sparse(Crossentropy, ignoring: Int?)
  case generalized(exponent: Float)
  case overlap(Overlap)
  case circle(Circle)

  /// What the cross-entropies have in common.
  struct Crossentropy {
    /// Whether the predictions are logarithms, not probabilities yet.
    var fromLogits = false
    /// How much of each target goes to all answers alike.
    var smoothing: Float = 0
  }

  /// How much easy answers count less.
  struct Focus {
    /// What answers are multiplied by: one number, or one for each class.
    var alpha: [Float]
    var gamma: Float
  }

  /// How much two sets have in common.
  enum Overlap {
    /// 1 − 2 |A∩B| / (|A| + |B|).
    case dice
    /// 1 − |A∩B| / (|A∩B| + α |A∖B| + β |B∖A|).
    case tversky(alpha: Float, beta: Float)
  }

  /// The margins of the circle loss.
  struct Circle {
    var gamma: Float
    var margin: Float
    var removesDiagonal: Bool
  }

  /// Whether targets are numbers of classes.
  var takesClassNumbers: Bool {
    switch self {
    case .sparse, .generalized, .circle: true
    default: false
    }
  }

  /// Whether a target has to be there for each class.
  var takesOneHot: Bool {
    switch self {
    case .categorical, .categoricalFocal, .categoricalHinge: true
    default: false
    }
  }

  /// Whether one number of a target may stand for several predictions, as NumPy stretches axes of
  /// size 1.
  var stretchesTargets: Bool {
    switch self {
    case .squaredError, .absoluteError, .percentageError, .logarithmicError, .huber, .logCosh,
      .poisson, .divergence, .hinge, .squaredHinge:
      true
    default: false
    }
  }
}

/// How the values of a loss become one number.
enum LossReduction: String, CaseIterable {
  case sumOverBatchSize = "sum_over_batch_size"
  case mean
  case meanWithSampleWeight = "mean_with_sample_weight"
  case sum
  case none
}

extension LossFunction {
  /// Reads the parameters of a loss.
  ///
  /// - Throws: `PassError` where the loss is not known or a parameter cannot be.
  init(_ loss: Loss) throws(PassError) {
    let read = ParameterReader(loss)
    formula = try LossFormula(loss, read)
    switch loss.config["axis"] {
    case .list(let axes)?:
      guard case .overlap = formula else { throw read.error("axis", "a whole number") }
      var numbers: [Int] = []
      for axis in axes {
        guard let number = axis.intValue else { throw read.error("axis", "whole numbers") }
        numbers.append(number)
      }
      self.axes = numbers
    case .null?: if case .overlap = formula { axes = nil } else { axes = [-1] }
    default: axes = [try read.whole("axis", default: -1)]
    }
    reduction = try LossReduction(read)
  }
}

extension LossReduction {
  fileprivate init(_ read: ParameterReader<LossFamily>) throws(PassError) {
    switch read.value("reduction") {
    case nil: self = .sumOverBatchSize
    case .null?: self = .none
    case .string(let word)?:
      guard let known = LossReduction(rawValue: word) else {
        let near = nearest(to: word, in: LossReduction.allCases.map(\.rawValue))
        throw PassError(
          "\(read.object.className): no reduction is called '\(word)'",
          remedy: near.map { "did you mean \($0)?" } ?? "sum_over_batch_size, mean, sum or none")
      }
      self = known
    default: throw read.error("reduction", "sum_over_batch_size, mean, sum or none")
    }
  }
}

extension LossFormula {
  fileprivate init(_ loss: Loss, _ read: ParameterReader<LossFamily>) throws(PassError) {
    guard loss.original == nil else { throw LossFamily.unknown(loss.className) }
    switch loss.className {
    case "MeanSquaredError": self = .squaredError
    case "MeanAbsoluteError": self = .absoluteError
    case "MeanAbsolutePercentageError": self = .percentageError
    case "MeanSquaredLogarithmicError": self = .logarithmicError
    case "Huber": self = .huber(delta: try read.number("delta"))
    case "LogCosh": self = .logCosh
    case "Poisson": self = .poisson
    case "KLDivergence": self = .divergence
    case "Hinge": self = .hinge
    case "SquaredHinge": self = .squaredHinge
    case "CategoricalHinge": self = .categoricalHinge
    case "CosineSimilarity": self = .cosine
    case "BinaryCrossentropy": self = .binary(try Crossentropy(read))
    case "BinaryFocalCrossentropy":
      self = .binaryFocal(
        try Crossentropy(read), try Focus(read),
        isBalanced: try read.flag("apply_class_balancing"))
    case "CategoricalCrossentropy": self = .categorical(try Crossentropy(read))
    case "CategoricalFocalCrossentropy":
      self = .categoricalFocal(try Crossentropy(read), try Focus(read))
    case "SparseCategoricalCrossentropy":
      let ignored = read.value("ignore_class")?.intValue
      if ignored == nil, read.value("ignore_class")?.isNull == false {
        throw read.error("ignore_class", "a class number")
      }
      self = .sparse(Crossentropy(fromLogits: try read.flag("from_logits")), ignoring: ignored)
    case "CategoricalGeneralizedCrossEntropy":
      let exponent = try read.number("q")
      guard exponent > 0, exponent < 1 else { throw read.error("q", "a number between 0 and 1") }
      self = .generalized(exponent: exponent)
    case "Dice": self = .overlap(.dice)
    case "Tversky":
      self = .overlap(.tversky(alpha: try read.number("alpha"), beta: try read.number("beta")))
    case "Circle":
      self = .circle(
        Circle(
          gamma: try read.number("gamma"), margin: try read.number("margin"),
          removesDiagonal: try read.flag("remove_diagonal")))
    default: throw LossFamily.unknown(loss.className)
    }
  }
}

extension LossFormula.Crossentropy {
  fileprivate init(_ read: ParameterReader<LossFamily>) throws(PassError) {
    fromLogits = try read.flag("from_logits")
    smoothing = try read.number("label_smoothing")
  }
}

extension LossFormula.Focus {
  fileprivate init(_ read: ParameterReader<LossFamily>) throws(PassError) {
    gamma = try read.number("gamma")
    if case .list(let numbers)? = read.value("alpha"), !numbers.isEmpty {
      alpha = []
      for number in numbers {
        guard let value = number.doubleValue else { throw read.error("alpha", "numbers") }
        alpha.append(Float(value))
      }
    } else {
      alpha = [try read.number("alpha")]
    }
  }
}
