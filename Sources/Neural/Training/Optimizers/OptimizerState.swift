/// One weight of a model: the layer, and the weight's place in `Layer.weights(for:)`.
public struct WeightID: Hashable, Sendable {
  /// The layer.
  public var layer: LayerID
  /// The weight's place.
  public var index: Int

  /// The weight at `index` of `layer`.
  public init(_ layer: LayerID, _ index: Int) {
    self.layer = layer
    self.index = index
  }
}

/// An optimizer on its way: how many steps it made, and what it keeps for each weight.
///
/// Source: `keras/src/optimizers/base_optimizer.py`.
public struct OptimizerState: Sendable {
  /// What it is.
  public let optimizer: Optimizer
  /// Steps made so far; with `gradient_accumulation_steps` those too that moved nothing yet.
  public internal(set) var iterations = 0
  /// The weights that it moves, in Keras' order.
  public let weights: [WeightID]
  /// Their paths with `_` between the names, as Keras puts them into names of variables.
  let weightNames: [String]
  /// Their sizes.
  let weightSizes: [[Int]]
  /// Numbers that it keeps, those of all weights together, with the number of steps and the
  /// learning rate: Keras' `Optimizer params`.
  public let parameterCount: Int

  var rule: any UpdateRule
  private let schedule: LearningRateSchedule?
  var fixedRate: Float
  private let clipping: GradientClipping
  private let decay: Float?
  private let averaging: Averaging?
  private let accumulationSteps: Int?
  private let constraints: [WeightConstraint?]
  /// What the rule keeps for each weight.
  var kept: [KeptNumbers]
  /// Sums of gradients that wait for their step.
  var waiting: [Tensor] = []
  /// Moving averages of the weights.
  var averages: [Tensor] = []

  /// How averages of weights are made: `use_ema`.
  private struct Averaging: Sendable {
    let momentum: Float
    let overwriteFrequency: Int?
  }

  /// An optimizer that has made no step.
  ///
  /// - Parameters:
  ///   - optimizer: what it is.
  ///   - weights: the weights that it moves, with their specs: constraints too.
  ///   - layerNames: the names of the layers whose they are, for the names of its variables.
  /// - Throws: `PassError` where a parameter is not one of Keras', or out of range.
  public init(
    _ optimizer: Optimizer, weights: [(id: WeightID, spec: WeightSpec)], layerNames: [String] = []
  ) throws(PassError) {
    self.optimizer = optimizer
    self.weights = weights.map(\.id)
    weightNames = weights.indices.map { index in
      let spec = weights[index].spec
      let layer = layerNames.indices.contains(index) ? [layerNames[index]] : []
      return (layer + spec.owner + [spec.name]).joined(separator: "_")
    }
    weightSizes = weights.map(\.spec.shape)
    rule = try optimizer.rule()
    (schedule, fixedRate) = try optimizer.rate()
    clipping = try GradientClipping(optimizer)
    decay = try optimizer.optionalNumber("weight_decay").map { Float($0) }
    averaging =
      optimizer.flag("use_ema")
      ? Averaging(
        momentum: Float(try optimizer.number("ema_momentum", 0...1)),
        overwriteFrequency: try optimizer.optionalCount("ema_overwrite_frequency", from: 1)) : nil
    accumulationSteps = try optimizer.optionalCount("gradient_accumulation_steps", from: 2)
    for (_, spec) in weights {
      do throws(PassError) {
        try spec.constraint?.check(for: spec.shape)
      } catch {
        throw error.at((spec.owner + [spec.name]).joined(separator: "/"))
      }
    }
    constraints = weights.map(\.spec.constraint)
    kept = []
    for (_, spec) in weights { kept.append(KeptNumbers(rule.slots, sizes: spec.shape)) }
    if accumulationSteps != nil { waiting = weights.map { Tensor($0.spec.shape) } }
    if averaging != nil { averages = weights.map { Tensor($0.spec.shape) } }
    parameterCount =
      Int(try Self.parameterCount(of: optimizer, for: weights.map(\.spec)).value)
  }

  /// How many numbers an optimizer keeps for weights: Keras' `Optimizer params`.
  ///
  /// - Throws: `PassError` where a parameter is not one of Keras', or out of range.
  fileprivate static func parameterCount(
    of optimizer: Optimizer, for specs: [WeightSpec]
  ) throws(PassError) -> Count {
    let slots = try optimizer.rule().slots
    let (schedule, _) = try optimizer.rate()
    var each: Count = optimizer.flag("use_ema") ? 1 : 0
    if try optimizer.optionalCount("gradient_accumulation_steps", from: 2) != nil { each += 1 }
    var count: Count = (schedule == nil ? 2 : 1) + (optimizer.className == "Nadam" ? 1 : 0)
    for spec in specs {
      count += each * spec.count
      for slot in slots { count += Count.product(slot.sizes(for: spec.shape)) }
    }
    return count
  }

  /// What it multiplies steps by now: the schedule's value, or what a callback set.
  ///
  /// A number of 32 bits, as Keras has it: 0.001 is 0.0010000000474974513.
  public var learningRate: Double { Double(schedule?.rate(at: iterations) ?? fixedRate) }

  /// Whether a schedule says the learning rate.
  public var hasSchedule: Bool { schedule != nil }

  /// Sets the learning rate, as `ReduceLROnPlateau` does.
  ///
  /// - Throws: `PassError` where a schedule sets it, or it is no number from 0.
  public mutating func setLearningRate(_ rate: Double) throws(PassError) {
    guard schedule == nil else {
      throw PassError(
        "\(schedule?.className ?? "a schedule") says the learning rate, nothing else can set it",
        remedy: "give the optimizer a number as learning_rate")
    }
    guard rate.isFinite, rate >= 0 else {
      throw PassError("\(rate) is no learning rate", remedy: "use a number from 0")
    }
    fixedRate = Float(rate)
  }

  /// Whether a step with gradients none of which is larger than this stays among the numbers.
  func staysFinite(_ largestGradient: Float) -> Bool {
    (largestGradient * max(Float(learningRate), 1)).isFinite
  }

  /// Makes a step: clips gradients, moves weights, applies constraints.
  ///
  /// - Parameters:
  ///   - gradients: how the loss changes with the weights, regularizers included; none is 0.
  ///   - values: the weights; moved in place where nobody else holds them.
  public mutating func step(_ gradients: consuming ModelGradients, _ values: inout ModelWeights) {
    var gradients = Self.listed(gradients, weights, in: values)
    if let gathered = gather(&gradients) {
      clipping.clip(&gradients)
      move(&values, by: gradients, step: gathered)
    }
    settle(&values)
    iterations += 1
  }

  /// The gradients of the weights in their order.
  private static func listed(
    _ gradients: consuming ModelGradients, _ weights: [WeightID], in values: ModelWeights
  ) -> [Tensor] {
    weights.map { id in
      let known = gradients.weights[id.layer]
      if let known, id.index < known.count, let gradient = known[id.index] { return gradient }
      let tensors = values[id.layer].tensors
      return Tensor(id.index < tensors.count ? tensors[id.index].sizes : [0])
    }
  }

  /// Gathers the gradients of several batches for one step.
  ///
  /// - Returns: which step it is, from 1; `nil` where there are not enough batches yet.
  private mutating func gather(_ gradients: inout [Tensor]) -> Int? {
    guard let steps = accumulationSteps else { return iterations + 1 }
    for index in gradients.indices { gradients[index].add(waiting[index]) }
    guard (iterations + 1) % steps == 0 else {
      waiting = gradients
      return nil
    }
    let count = Float(steps)
    for index in gradients.indices {
      gradients[index].changeEach { $0 / count }
      waiting[index].changeEach { _ in 0 }
    }
    return iterations / steps + 1
  }

  private mutating func move(
    _ values: inout ModelWeights, by gradients: [Tensor], step number: Int
  ) {
    let rate = Float(learningRate)
    rule.begin(step: number, rate: rate)
    let rule = rule
    for range in layers {
      values.update(weights[range.lowerBound].layer) { tensors in
        for index in range where tensors.indices.contains(weights[index].index) {
          let place = weights[index].index
          guard tensors[place].sizes == gradients[index].sizes else { continue }
          if number == 1 { kept[index].start(from: tensors[place]) }
          if let decay { tensors[place].changeEach { $0 - $0 * decay * rate } }
          kept[index].move(&tensors[place], gradients[index], by: rule)
        }
      }
    }
  }

  /// Averages and constraints, behind the step.
  private mutating func settle(_ values: inout ModelWeights) {
    guard averaging != nil || constraints.contains(where: { $0 != nil }) else { return }
    let step = accumulationSteps.map { iterations / $0 } ?? iterations
    for range in layers {
      values.update(weights[range.lowerBound].layer) { tensors in
        for index in range where tensors.indices.contains(weights[index].index) {
          let place = weights[index].index
          if let averaging {
            let momentum = step == 0 ? 0 : averaging.momentum
            averages[index] = averages[index].zipped(with: tensors[place]) {
              momentum * $0 + (1 - momentum) * $1
            }
            if let frequency = averaging.overwriteFrequency, (step + 1) % frequency == 0 {
              tensors[place] = averages[index]
            }
          }
          constraints[index]?.apply(to: &tensors[place])
        }
      }
    }
  }

  /// Puts the moving averages in the place of the weights where there are some: a fit has ended.
  public func finish(_ values: inout ModelWeights) {
    guard averaging != nil, iterations > 0 else { return }
    for range in layers {
      values.update(weights[range.lowerBound].layer) { tensors in
        for index in range where tensors.indices.contains(weights[index].index) {
          tensors[weights[index].index] = averages[index]
        }
      }
    }
  }

  /// The weights of each layer, which stand together.
  private var layers: [Range<Int>] {
    var ranges: [Range<Int>] = []
    for index in weights.indices {
      if let last = ranges.last, weights[last.lowerBound].layer == weights[index].layer {
        ranges[ranges.count - 1] = last.lowerBound..<(index + 1)
      } else {
        ranges.append(index..<(index + 1))
      }
    }
    return ranges
  }
}

extension Optimizer {
  /// The learning rate: a schedule's, or a number.
  fileprivate func rate() throws(PassError) -> (LearningRateSchedule?, Float) {
    let given = config["learning_rate"] ?? .null
    if given.objectValue == nil { return (nil, Float(try number("learning_rate"))) }
    let schedule: LearningRateSchedule
    do throws(SettingError) {
      schedule = try LearningRateSchedule(configValue: given, kind: .initializer)
    } catch {
      throw PassError("learning_rate: \(error.message)")
    }
    try schedule.check()
    return (schedule, 0)
  }
}

extension Compilation {
  /// How many numbers the optimizer keeps once the model is trained: Keras' `Optimizer params`.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - analysis: what follows from it.
  /// - Returns: the count.
  /// - Throws: `PassError` where a parameter is not one of Keras', or out of range.
  public func optimizerNumbers(
    for model: Model, _ analysis: Analysis
  ) throws(PassError) -> Count {
    try OptimizerState.parameterCount(
      of: optimizer, for: model.trainedWeights(analysis).map(\.spec))
  }
}
