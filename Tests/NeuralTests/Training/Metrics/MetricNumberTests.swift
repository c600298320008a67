import Testing

@testable import Neural

/// Metrics are those of real Keras, over two batches.
///
/// The table was made by `Fixtures/make_metric_numbers.py`.
@Suite struct MetricNumberTests {
  @Test func numbersEqualThoseOfKeras() throws {
    let table = try kerasTable("metric-numbers.json", "UNROLL_METRIC_NUMBERS")
    let cases = table["cases"]?.listValue ?? []
    #expect(cases.count > 300)
    for (place, known) in cases.enumerated() {
      do {
        try check(known, place: place)
      } catch {
        Issue.record("\(error): case \(place): \(known)")
      }
    }
  }

  @Test func everyNameOfKerasIsKnown() throws {
    let table = try kerasTable("metric-numbers.json", "UNROLL_METRIC_NUMBERS")
    for (name, meant) in table["names"]?.objectValue ?? [:] {
      let metric = try #require(Metric(named: name), "\(name)")
      if name == "accuracy" { continue }
      #expect(metric.className == meant.stringValue, "\(name)")
    }
  }

  @Test func everyMetricStandsInTheTable() throws {
    let table = try kerasTable("metric-numbers.json", "UNROLL_METRIC_NUMBERS")
    let tested = Set((table["cases"]?.listValue ?? []).compactMap { $0["metric"]?.stringValue })
    let elsewhere: Set = ["Mean", "Sum", "MeanMetricWrapper", "accuracy", "crossentropy"]
    for name in MetricFamily.classes.keys where !elsewhere.contains(name) {
      #expect(tested.contains(name), "\(name)")
    }
  }

  private func metric(_ known: ConfigValue) throws -> Metric {
    if let word = known["word"]?.stringValue { return try Metric(spelled: word) }
    if let function = known["config"]?["function"]?.stringValue {
      return try #require(Metric(function: function))
    }
    if let loss = known["config"]?["loss"]?.stringValue {
      return Metric(measuring: try Loss(spelled: loss))
    }
    var metric = try #require(Metric(named: known["metric"]?.stringValue ?? ""))
    for (key, value) in known["config"]?.objectValue ?? [:] {
      #expect(metric.config[key] != nil, "\(known)")
      metric.config[key] = value
    }
    return metric
  }

  private func check(_ known: ConfigValue, place: Int) throws {
    let comment: Comment = "case \(place): \(known)"
    let metric = try metric(known)
    let predictions = FormulaNumbers(description: known["predictions"] ?? .null, place: place)
    let targets = FormulaNumbers(description: known["targets"] ?? .null, place: place)
    var state = try MetricState(
      metric, outputSizes: predictions.sizes, targetSizes: targets.sizes, loss: nil)
    if let name = known["name"]?.stringValue { #expect(state.name == name, comment) }
    if let type = known["of"]?.stringValue { #expect(state.metric.className == type, comment) }
    // A state that is reset is as good as new.
    for round in 0..<2 {
      for batch in [place, place + 1000] {
        let classes = predictions.sizes.last ?? 1
        let weights = known["weights"].map {
          FormulaNumbers(description: ["weights", $0], place: batch).tensor
        }
        try state.update(
          predictions: FormulaNumbers(description: predictions.description, place: batch).tensor,
          targets: FormulaNumbers(
            description: targets.description, place: batch, classes: classes
          ).tensor, weights: weights, mask: known["mask"]?.nestedTensor)
      }
      let expected = (known["results"]?.listValue ?? []).map(\.floatNumber)
      if largestDifference(state.results.map { Float($0) }, expected) > 1e-5 {
        Issue.record("\(state.results), Keras \(expected): \(comment)")
      }
      if round == 0 { state.reset() }
    }
  }
}
