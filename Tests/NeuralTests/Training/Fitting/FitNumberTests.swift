import OrderedCollections
import Testing

@testable import Neural

/// Training against real Keras: `Fixtures/make_fit_numbers.py`.
@Suite struct FitNumberTests {
  @Test func epochsMakeTheSameOfModelsAsInKeras() throws {
    for known in try KerasTables.fitNumbers() {
      do {
        try compare(known)
      } catch {
        Issue.record("\(known): \(error)")
      }
    }
  }

  private func compare(_ known: FitNumbers) throws {
    var fitting = try Fitting(known.trainer(), data: known.data, settings: known.settings)
    #expect(fitting.trainer.optimizer.parameterCount == known.optimizerParameters, "\(known)")
    while true {
      if case .ended = try fitting.advance() { break }
    }
    let history = fitting.history.values
    #expect(history.keys == known.history.keys, "\(known)")
    for (name, expected) in known.history {
      let found = history[name] ?? []
      #expect(
        distance(found, expected) < 2e-5, "\(known): \(name) is \(found), in Keras \(expected)")
    }
    var trainer = fitting.trainer
    var evaluation = try Evaluation(trainer, data: known.data, batchSize: 4)
    while !evaluation.isOver { try evaluation.advance() }
    let list = evaluation.measurements.list
    #expect(
      distance(list, known.evaluation) < 2e-5,
      "\(known): evaluates to \(list), in Keras \(known.evaluation)")
    let outputs = try trainer.predict(inputs: known.data.inputs)
    for (output, expected) in zip(outputs, known.predictions) {
      let found = output.values.map { Double($0) }
      #expect(
        distance(found, expected) < 2e-5, "\(known): predicts \(found), in Keras \(expected)")
    }
    #expect(outputs.count == known.predictions.count)
  }

  private func distance(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).reduce(0) {
      max($0, abs($1.0 - $1.1) / max(1, abs($1.1)))
    }
  }

  @Test func everyOptimizerAndEveryLossIsAmongThem() throws {
    let kinds = Set(try KerasTables.fitNumbers().flatMap(\.kinds))
    #expect(Set(OptimizerFamily.classes.keys).subtracting(kinds).isEmpty)
    // `Circle` compares samples with one another and needs large batches.
    let losses = Set(LossFamily.classes.keys).subtracting(["crossentropy", "Circle"])
    #expect(losses.subtracting(kinds) == [])
  }
}
