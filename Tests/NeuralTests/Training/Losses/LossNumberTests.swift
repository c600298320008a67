import Testing

@testable import Neural

/// Losses and their gradients are those of real Keras.
///
/// The table was made by `Fixtures/make_loss_numbers.py`.
@Suite struct LossNumberTests {
  @Test func numbersEqualThoseOfKeras() throws {
    let table = try kerasTable("loss-numbers.json", "UNROLL_LOSS_NUMBERS")
    let cases = table["cases"]?.listValue ?? []
    #expect(cases.count > 500)
    for (place, known) in cases.enumerated() { try check(known, place: place) }
  }

  @Test func everyNameOfKerasIsKnown() throws {
    let table = try kerasTable("loss-numbers.json", "UNROLL_LOSS_NUMBERS")
    for (name, meant) in table["names"]?.objectValue ?? [:] {
      let loss = try Loss(spelled: name)
      let known = try Loss(spelled: meant.stringValue ?? "")
      #expect(loss.className == known.className, "\(name)")
    }
  }

  @Test func everyLossStandsInTheTable() throws {
    let table = try kerasTable("loss-numbers.json", "UNROLL_LOSS_NUMBERS")
    let tested = Set((table["cases"]?.listValue ?? []).compactMap { $0["loss"]?.stringValue })
    for name in LossFamily.classes.keys where name != "crossentropy" {
      #expect(tested.contains(name), "\(name)")
    }
  }

  private func check(_ known: ConfigValue, place: Int) throws {
    let comment: Comment = "case \(place): \(known)"
    var loss = try #require(Loss(named: known["loss"]?.stringValue ?? ""), comment)
    for (key, value) in known["config"]?.objectValue ?? [:] {
      #expect(loss.config[key] != nil, comment)
      loss.config[key] = value
    }
    let made = FormulaNumbers(description: known["predictions"] ?? .null, place: place)
    let axis = loss.config["axis"]?.intValue ?? -1
    let classes = made.sizes[axis < 0 ? made.sizes.count + axis : axis]
    let targets = FormulaNumbers(
      description: known["targets"] ?? .null, place: place, classes: classes)
    let weights = known["weights"].map { sizes in
      let isGiven = sizes.listValue?.first?.stringValue != nil
      return FormulaNumbers(
        description: isGiven ? sizes : ["weights", sizes], place: place
      ).tensor
    }
    let mask = known["mask"]?.nestedTensor
    let predictions = made.tensor
    do {
      if let expected = known["values"]?.listValue?.map(\.floatNumber) {
        let found = try loss.values(
          of: predictions, targets: targets.tensor, weights: weights, mask: mask)
        #expect(largestDifference(found.values, expected) < 1e-5, comment)
        #expect(throws: PassError.self) {
          try loss.value(of: predictions, targets: targets.tensor, weights: weights, mask: mask)
        }
        return
      }
      let found = try loss.value(
        of: predictions, targets: targets.tensor, weights: weights, mask: mask)
      let value = known["value"]?.floatNumber ?? .nan
      let gradient = (known["gradient"]?.listValue ?? []).map(\.floatNumber)
      #expect(found.gradient.sizes == predictions.sizes, comment)
      let (one, other) = (
        largestDifference([Float(found.value)], [value]),
        largestDifference(found.gradient.values, gradient)
      )
      if one > 1e-5 || other > 1e-5 {
        Issue.record("\(found.value), \(found.gradient.values): \(comment)")
      }
      // Without its way back, a loss is the same.
      try loss.check(targets: targets.tensor, outputSizes: predictions.sizes)
    } catch {
      Issue.record("\(error): \(comment)")
    }
  }
}
