import Testing

@testable import Neural

/// What losses take, and what they say of anything else.
@Suite struct LossTests {
  private let outputs = Tensor([2, 3], [0.2, 0.3, 0.5, 0.1, 0.8, 0.1])

  @Test(arguments: [
    ("mse", "MeanSquaredError"), ("MSE", "MeanSquaredError"), ("kld", "KLDivergence"),
    ("bce", "BinaryCrossentropy"), ("logcosh", "LogCosh"), ("log_cosh", "LogCosh"),
    ("Huber", "Huber"), ("crossentropy", "crossentropy"), ("ce", "crossentropy"),
  ])
  func namesAreThoseOfKeras(name: String, className: String) throws {
    #expect(try Loss(spelled: name).className == className)
  }

  @Test func anUnknownNameIsAnsweredWithTheNearestOne() {
    expectError("no loss is called 'binary_crosentropy'; did you mean binary_crossentropy?") {
      () throws(PassError) in _ = try Loss(spelled: "binary_crosentropy")
    }
  }

  @Test(arguments: [
    ([4, 1], [4], "BinaryCrossentropy"), ([4, 3], [4], "SparseCategoricalCrossentropy"),
    ([4, 3], [4, 1], "SparseCategoricalCrossentropy"),
    ([4, 3], [4, 3], "CategoricalCrossentropy"),
    ([4, 5, 3], [4, 5], "SparseCategoricalCrossentropy"),
  ])
  func crossentropyFollowsFromShapes(outputs: [Int], targets: [Int], className: String) throws {
    let loss = try Loss(spelled: "ce").resolved(outputSizes: outputs, targetSizes: targets)
    #expect(loss.className == className)
  }

  @Test func aLabelOutOfRangeIsNamedWithItsSample() throws {
    let loss = try Loss(spelled: "sparse_categorical_crossentropy")
    expectError(
      "sample 1 has the label 3, but the predictions have 3 classes (0 to 2); "
        + "labels count from 0: the last layer needs 4 units or more"
    ) { () throws(PassError) in _ = try loss.value(of: outputs, targets: Tensor([2], [0, 3])) }
    expectError(
      "sample 0 has the label -1, but the predictions have 3 classes (0 to 2); "
        + "labels count from 0"
    ) { () throws(PassError) in try loss.check(targets: Tensor([2], [-1, 3]), outputSizes: [9, 3]) }
    expectError("sample 1 has the label 0.5; labels are whole numbers, from 0 to 2") {
      () throws(PassError) in _ = try loss.value(of: outputs, targets: Tensor([2], [0, 0.5]))
    }
    expectError("sample 1 has the label nan; labels are whole numbers, from 0 to 2") {
      () throws(PassError) in _ = try loss.value(of: outputs, targets: Tensor([2], [0, .nan]))
    }
    expectError(
      "sample 1 (position 1) has the label 7, but the predictions have 3 classes (0 to 2); "
        + "labels count from 0: the last layer needs 8 units or more"
    ) { () throws(PassError) in
      try loss.check(targets: Tensor([2, 2], [0, 1, 2, 7]), outputSizes: [2, 2, 3])
    }
  }

  @Test func targetsThatDoNotFitAreToldWithBothShapes() {
    let cases: [(loss: String, outputs: [Int], targets: [Int], message: String)] = [
      (
        "categorical_crossentropy", [60, 10], [60],
        "the targets are (60,), the predictions (60, 10); use sparse_categorical_crossentropy for "
          + "class numbers, or make them one-hot: keras.utils.to_categorical(y, 10)"
      ),
      (
        "sparse_categorical_crossentropy", [60, 10], [60, 10],
        "the targets are (60, 10), the predictions (60, 10); use categorical_crossentropy for "
          + "one-hot targets"
      ),
      (
        "binary_crossentropy", [60, 2], [60],
        "the targets are (60,), the predictions (60, 2); use sparse_categorical_crossentropy for "
          + "class numbers, or give the last layer 1 unit"
      ),
      (
        "mse", [60, 2], [60, 3],
        "the targets are (60, 3), the predictions (60, 2); give the last layer 3 units, or the "
          + "targets 2 numbers"
      ),
      (
        "mse", [60, 2], [50, 2],
        "the targets are (50, 2), the predictions (60, 2); give a target for each sample"
      ),
      (
        "categorical_crossentropy", [60, 7, 4], [60, 4],
        "the targets are (60, 4), the predictions (60, 7, 4); the model answers at each timestep: "
          + "give a target for each, or let its last recurrent layer have return_sequences=False"
      ),
      (
        "mse", [60, 4], [60, 7, 4],
        "the targets are (60, 7, 4), the predictions (60, 4); the model answers once: give one "
          + "target for each sample, or let its recurrent layers have return_sequences=True"
      ),
    ]
    for known in cases {
      expectError(known.message) { () throws(PassError) in
        _ = try Loss(spelled: known.loss)
          .value(of: Tensor(known.outputs), targets: Tensor(known.targets))
      }
    }
  }

  @Test func weightsOfSamplesCountWholeSequences() throws {
    // Keras 3.15 fails here: it lines (samples) up with timesteps.
    let predictions = Tensor([2, 3, 1], [1, 1, 1, 2, 2, 2])
    let loss = try Loss(spelled: "mse").value(
      of: predictions, targets: Tensor([2, 3, 1]), weights: Tensor([2], [0, 3]))
    #expect(loss.value == 6)
    #expect(loss.gradient.values == [0, 0, 0, 2, 2, 2])
    let square = try Loss(spelled: "mse").value(
      of: Tensor([2, 2, 1], [1, 1, 2, 2]), targets: Tensor([2, 2, 1]),
      weights: Tensor([2], [0, 3]))
    #expect(square.value == 6)
  }

  @Test func timestepsAreWeighedWhereTargetsLackTheLastAxis() throws {
    let predictions = Tensor([2, 2, 1], [1, 2, 3, 4])
    let loss = try Loss(spelled: "mse").value(
      of: predictions, targets: Tensor([2, 2]), mask: Tensor([2, 2], [1, 0, 1, 0]))
    #expect(loss.value == 5)
    #expect(loss.gradient.values == [1, 0, 3, 0])
  }

  @Test func weightsThatDoNotFitAreRefused() throws {
    let loss = try Loss(spelled: "mse")
    expectError(
      "the sample weights are (3,), the answers (2,); give weights of the shape (2,)"
    ) { () throws(PassError) in
      _ = try loss.value(of: outputs, targets: outputs, weights: Tensor([3]))
    }
    expectError(
      "the sample weights are (2, 5), the answers (2, 3); give weights of the shape (2,) or (2, 3)"
    ) { () throws(PassError) in
      _ = try loss.value(of: Tensor([2, 3, 1]), targets: Tensor([2, 3]), weights: Tensor([2, 5]))
    }
  }

  @Test func settingsThatCannotBeAreRefused() throws {
    var loss = try Loss(spelled: "Huber")
    loss.config["delta"] = "x"
    expectError("Huber: delta has to be a number, found 'x'") { () throws(PassError) in
      _ = try loss.value(of: outputs, targets: outputs)
    }
    var reduced = try Loss(spelled: "mse")
    reduced.config["reduction"] = "summ"
    expectError("MeanSquaredError: no reduction is called 'summ'; did you mean sum?") {
      () throws(PassError) in _ = try reduced.value(of: outputs, targets: outputs)
    }
    var turned = try Loss(spelled: "categorical_crossentropy")
    turned.config["axis"] = 2
    expectError("axis 2 is not there: the predictions have 2 axes") { () throws(PassError) in
      _ = try turned.value(of: outputs, targets: outputs)
    }
  }

  @Test func nothingAtAllIsNoReasonToStop() throws {
    for name in LossFamily.classes.keys {
      for sizes in [[0, 3], [2, 0], [0]] {
        _ = try? Loss(spelled: name).value(of: Tensor(sizes), targets: Tensor(sizes))
        _ = try? Loss(spelled: name).value(of: Tensor(sizes), targets: Tensor([sizes[0]]))
      }
    }
  }
}

/// Expects an error with a description.
func expectError(
  _ message: String, sourceLocation: SourceLocation = #_sourceLocation,
  _ run: () throws(PassError) -> Void
) {
  do throws(PassError) {
    try run()
    Issue.record("no error", sourceLocation: sourceLocation)
  } catch {
    #expect(error.description == message, sourceLocation: sourceLocation)
  }
}
