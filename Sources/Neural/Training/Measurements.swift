import OrderedCollections

/// Losses and metrics over batches: running averages, as Keras reports them.
public struct Measurements: Sendable {
  private var loss = RunningMean()
  /// The loss of each output, where several have one.
  private var outputLosses: [(output: Int, name: String, mean: RunningMean)] = []
  private var metrics: [Entry] = []
  /// The names in the order of the list that Keras' `evaluate` returns: the loss first.
  ///
  /// Source: `_flatten_metrics_in_order` in `keras/src/trainers/trainer.py`.
  public let names: [String]

  private struct Entry: Sendable {
    let output: Int
    let name: String
    let isWeighted: Bool
    var state: MetricState
  }

  /// A mean of losses, each counted by the samples of its batch.
  private struct RunningMean: Sendable {
    var total = 0.0
    var count = 0.0

    mutating func add(_ value: Double, samples: Int) {
      total += value * Double(samples)
      count += Double(samples)
    }

    var value: Double { count == 0 ? 0 : total / count }
  }

  init(
    _ compilation: Compilation, _ model: Model, outputSizes: [[Int]], targetSizes: [[Int]?]
  ) throws(PassError) {
    let outputs = model.outputs.map { model.layer(of: $0.node)?.name ?? "?" }
    let losses = outputs.indices.filter { compilation.losses[$0] != nil }
    if losses.count > 1 {
      outputLosses = losses.map { ($0, "\(outputs[$0])_loss", RunningMean()) }
    }
    var counts: [String: Int] = [:]
    for (groups, isWeighted) in [
      (compilation.metrics, false), (compilation.weightedMetrics, true),
    ] {
      for (output, group) in groups.enumerated() {
        for metric in group {
          guard let sizes = targetSizes[output] else {
            throw PassError(
              "\(outputs[output]) is to be measured, but has no targets",
              remedy: "give a target for each output")
          }
          let state: MetricState
          do throws(PassError) {
            state = try MetricState(
              metric, outputSizes: outputSizes[output], targetSizes: sizes,
              loss: compilation.losses[output])
          } catch {
            throw outputs.count > 1 ? error.at(outputs[output]) : error
          }
          let prefix = outputs.count > 1 ? outputs[output] + "_" : ""
          let name = Self.freshName(state.name, prefix: prefix, isWeighted, &counts)
          metrics.append(Entry(output: output, name: name, isWeighted: isWeighted, state: state))
        }
      }
    }
    // Keras looks for metrics by their own names, which those of several outputs have not; one
    // that is there twice is listed by its first name each time, and by its second at the end.
    let all = Set(metrics.map(\.name))
    let known = metrics.map(\.state.name)
    let first = ["loss"] + known.filter(all.contains) + outputLosses.map(\.name)
    names = first + all.subtracting(known).sorted()
  }

  /// A name that no other result has.
  ///
  /// Source: `CompileMetrics.result` in `keras/src/trainers/compile_utils.py`.
  private static func freshName(
    _ name: String, prefix: String, _ isWeighted: Bool, _ counts: inout [String: Int]
  ) -> String {
    var full = prefix + name
    if isWeighted, counts[full] != nil { full = "\(prefix)weighted_\(name)" }
    guard let count = counts[full] else {
      counts[full] = 1
      return full
    }
    counts[full] = count + 1
    return "\(full)_\(count)"
  }

  /// Takes a batch in.
  mutating func update(
    _ batch: Trainer.BatchResult, _ outputs: [Tensor], targets: [Tensor?], weights: [Tensor?],
    masks: [Tensor?]
  ) throws(PassError) {
    loss.add(batch.loss, samples: batch.samples)
    for index in outputLosses.indices {
      let value = batch.outputLosses[outputLosses[index].output] ?? 0
      outputLosses[index].mean.add(value, samples: batch.samples)
    }
    for index in metrics.indices {
      let output = metrics[index].output
      guard let targets = targets[output] else { continue }
      do throws(PassError) {
        try metrics[index].state.update(
          predictions: outputs[output], targets: targets,
          weights: metrics[index].isWeighted ? weights[output] : nil,
          mask: output < masks.count ? masks[output] : nil)
      } catch {
        throw error.at(metrics[index].name)
      }
    }
  }

  /// Forgets all batches: a new epoch begins.
  public mutating func reset() {
    loss = RunningMean()
    for index in outputLosses.indices { outputLosses[index].mean = RunningMean() }
    for index in metrics.indices { metrics[index].state.reset() }
  }

  /// The results so far, in the order in which Keras shows them: that of the alphabet.
  ///
  /// Numbers of 32 bits, as Keras has them.
  public var results: OrderedDictionary<String, Double> {
    var values: [(String, Double)] = [("loss", loss.value)]
    values += outputLosses.map { ($0.name, $0.mean.value) }
    values += metrics.map { ($0.name, $0.state.result) }
    values.sort { $0.0.unicodeScalars.lexicographicallyPrecedes($1.0.unicodeScalars) }
    return OrderedDictionary(
      values.map { ($0, Double(Float($1))) }, uniquingKeysWith: { first, _ in first })
  }

  /// The results in the order of the list that Keras' `evaluate` returns.
  public var list: [Double] {
    let results = results
    return names.compactMap { results[$0] }
  }

  /// The metric behind a result's name, without `val_`.
  func metric(named name: String) -> Metric? {
    metrics.first { $0.name == name }?.state.metric
      ?? metrics.first { $0.state.name == name }?.state.metric
  }
}
