/// How one kind of optimizer moves weights by their gradients.
///
/// Numbers are those of Keras on 32-bit floats: the same operations in the same order.
protocol UpdateRule: Sendable {
  /// What is kept for each weight beside it.
  var slots: [Slot] { get }

  /// The slots that Keras makes together: those of a weight behind each other, weight by weight;
  /// then those of the next group.
  var slotGroups: [Range<Int>] { get }

  /// The product of the momenta of all steps, where there is one.
  var momentumProduct: Float? { get set }

  /// Whether numbers of a weight depend on one another: the weight cannot be moved in parts.
  var needsWholeWeights: Bool { get }

  /// Makes ready for a step, before any weight is moved.
  ///
  /// - Parameters:
  ///   - number: which step it is, from 1.
  ///   - rate: the learning rate.
  mutating func begin(step number: Int, rate: Float)

  /// Moves numbers of a weight.
  func move(_ part: WeightPart)
}

extension UpdateRule {
  var needsWholeWeights: Bool { false }
  var slotGroups: [Range<Int>] { [0..<slots.count] }
  var momentumProduct: Float? {
    get { nil }
    set {}
  }
}

/// Numbers that an optimizer keeps for a weight: a momentum, an accumulator.
struct Slot: Sendable {
  /// Keras' name: `momentum`.
  var name: String
  /// What they start from.
  var start = Start.number(0)
  /// Which numbers they are, for a weight of some sizes.
  var sizes = Sizes.ofWeight

  /// What the numbers of a slot start from.
  enum Start: Sendable {
    /// The same number everywhere.
    case number(Float)
    /// The weight.
    case weight
  }

  /// Which numbers a slot has.
  enum Sizes: Sendable {
    /// As many as the weight.
    case ofWeight
    /// One for each row of a matrix, or of all matrices in a weight of more axes; 1 for a vector.
    case rows
    /// One for each column, likewise.
    case columns
  }

  /// The numbers kept for a weight of these sizes.
  func sizes(for weight: [Int]) -> [Int] {
    switch sizes {
    case .ofWeight: weight
    case .rows: weight.count < 2 ? [] : weight.dropLast()
    case .columns: weight.count < 2 ? [] : weight.dropLast(2) + weight.suffix(1)
    }
  }
}

/// Some numbers of a weight, with their gradients and what the optimizer keeps for them.
struct WeightPart: @unchecked Sendable {
  /// The numbers that move.
  let weights: UnsafeMutablePointer<Float>
  /// How the loss changes with them.
  let gradients: UnsafePointer<Float>
  /// The slots, in the order of `UpdateRule.slots`.
  let slots: [UnsafeMutablePointer<Float>]
  /// How many numbers these are.
  let count: Int
  /// The sizes of the whole weight.
  let sizes: [Int]

  /// The numbers of `range` alone; all slots have the weight's sizes.
  func part(_ range: Range<Int>) -> WeightPart {
    WeightPart(
      weights: weights + range.lowerBound, gradients: gradients + range.lowerBound,
      slots: slots.map { $0 + range.lowerBound }, count: range.count, sizes: sizes)
  }
}

extension Optimizer {
  /// The rule with its parameters.
  ///
  /// - Throws: `PassError` where a parameter is out of range.
  func rule() throws(PassError) -> any UpdateRule {
    switch className {
    case "SGD": try SGD(self)
    case "RMSprop": try RMSprop(self)
    case "Adam", "AdamW": try Adam(self)
    case "Adamax": try Adamax(self)
    case "Nadam": try Nadam(self)
    case "Adagrad": try Adagrad(self)
    case "Adadelta": try Adadelta(self)
    case "Adafactor": try Adafactor(self)
    case "Lion": try Lion(self)
    case "Lamb": try Lamb(self)
    case "Ftrl": try Ftrl(self)
    case "ScheduleFreeAdamW": try ScheduleFreeAdamW(self)
    default: throw PassError("the optimizer \(className) is not known here")
    }
  }
}
