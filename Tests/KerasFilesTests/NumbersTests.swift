import Foundation
import KerasFiles
import Neural
import Testing

/// Whole models against what real Keras computes (`make_model_numbers.py`).
@Suite struct NumbersTests {
  @Test func everyModelGivesTheNumbersThatKerasGives() throws {
    let fixtures = try ModelNumbers(path: "model-numbers")
    #expect(fixtures.models.count >= 150)
    var largest: Float = 0
    for model in fixtures.models {
      let differences = try model.differences()
      #expect(differences.problems.isEmpty, "\(model.id): \(differences.problems)")
      largest = max(largest, differences.largest)
    }
    #expect(largest < 1e-5)
  }

  @Test func weightsStandInKerasOrder() throws {
    for model in try ModelNumbers(path: "model-numbers").models {
      let model = try model.opened()
      #expect(model.orderedShapes == model.expectedShapes, "\(model.id)")
    }
  }
}
