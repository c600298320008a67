import Testing

@testable import Neural

/// What metrics take, and what they say of anything else.
@Suite struct MetricTests {
  @Test func accuracyFollowsFromShapesAndKeepsItsName() throws {
    let cases: [(outputs: [Int], targets: [Int], className: String)] = [
      ([4, 1], [4], "BinaryAccuracy"), ([4, 3], [4], "SparseCategoricalAccuracy"),
      ([4, 3], [4, 1], "SparseCategoricalAccuracy"), ([4, 3], [4, 3], "CategoricalAccuracy"),
      ([4, 7, 1], [4, 7, 1], "BinaryAccuracy"),
    ]
    for known in cases {
      for word in ["accuracy", "acc", "Accuracy"] {
        let state = try MetricState(
          Metric(spelled: word), outputSizes: known.outputs, targetSizes: known.targets, loss: nil)
        #expect(state.metric.className == known.className)
        #expect(state.name == word)
      }
    }
  }

  @Test func anAccuracyThatWasMadeIsTheExactOne() throws {
    let metric = try #require(Metric(named: "Accuracy"))
    let state = try MetricState(metric, outputSizes: [4, 1], targetSizes: [4], loss: nil)
    #expect(state.metric.className == "Accuracy")
  }

  @Test func crossentropyTakesLogitsWhereTheLossDoes() throws {
    var loss = try Loss(spelled: "categorical_crossentropy")
    loss.config["from_logits"] = true
    let state = try MetricState(
      Metric(spelled: "ce"), outputSizes: [4, 3], targetSizes: [4, 3], loss: loss)
    #expect(state.metric.className == "CategoricalCrossentropy")
    #expect(state.metric.config["from_logits"] == true)
    #expect(state.name == "ce")
  }

  @Test func anUnknownNameIsAnsweredWithTheNearestOne() {
    expectError("no metric is called 'acuracy'; did you mean accuracy?") { () throws(PassError) in
      _ = try Metric(spelled: "acuracy")
    }
  }

  @Test func whatIsMissingIsAskedFor() throws {
    for (name, message) in [
      ("IoU", "IoU needs num_classes: a whole number"),
      ("PrecisionAtRecall", "PrecisionAtRecall needs recall: a number"),
    ] {
      let metric = try #require(Metric(named: name))
      expectError(message) { () throws(PassError) in
        _ = try MetricState(metric, outputSizes: [4, 1], targetSizes: [4, 1], loss: nil)
      }
    }
  }

  @Test func targetsThatDoNotFitAreRefused() throws {
    var exact = try MetricState(
      Metric(spelled: "categorical_accuracy"), outputSizes: [4, 3], targetSizes: [4], loss: nil)
    expectError(
      "the targets are (4,), the predictions (4, 3); for class numbers there are the sparse metrics"
    ) { () throws(PassError) in
      try exact.update(predictions: Tensor([4, 3]), targets: Tensor([4]))
    }
    var sparse = try MetricState(
      Metric(spelled: "sparse_categorical_accuracy"), outputSizes: [4, 3], targetSizes: [4, 3],
      loss: nil)
    expectError(
      "the targets are (4, 3), the predictions (4, 3); for one-hot targets there are the "
        + "categorical metrics"
    ) { () throws(PassError) in
      try sparse.update(predictions: Tensor([4, 3]), targets: Tensor([4, 3]))
    }
  }

  @Test func everyMetricBearsAnyShapes() throws {
    for name in MetricFamily.classes.keys {
      var metric = try #require(Metric(named: name))
      for (key, value) in metric.config where value.isNull {
        switch key {
        case "num_classes": metric.config[key] = 3
        case "target_class_ids": metric.config[key] = [0, 1]
        case "recall", "precision", "specificity", "sensitivity": metric.config[key] = 0.5
        case "fn": metric.config[key] = "mse"
        default: break
        }
      }
      for outputs in [[0, 3], [2, 0], [2], [2, 3], [2, 3, 4]] {
        for targets in [[0, 3], [2, 0], [2], [2, 3], [2, 3, 4]] {
          for weights in [nil, Tensor([2], [0, 1]), Tensor([], [1]), Tensor([2, 3, 4])] {
            guard
              var state = try? MetricState(
                metric, outputSizes: outputs, targetSizes: targets, loss: nil)
            else { continue }
            // Errors are fine; nothing else may happen.
            try? state.update(
              predictions: Tensor(outputs, repeating: .nan), targets: Tensor(targets),
              weights: weights, mask: weights)
            _ = state.result
          }
        }
      }
    }
  }

  @Test func meanAndSumTakeNumbers() throws {
    var mean = try MetricState(
      #require(Metric(named: "Mean")), outputSizes: [], targetSizes: [], loss: nil)
    try mean.update(values: Tensor([4], [1, 3, 5, 7]))
    #expect(mean.result == 4)
    mean.reset()
    try mean.update(values: Tensor([4], [1, 3, 5, 7]), weights: Tensor([4], [1, 1, 0, 0]))
    #expect(mean.result == 2)
    var sum = try MetricState(
      #require(Metric(named: "Sum")), outputSizes: [], targetSizes: [], loss: nil)
    try sum.update(values: Tensor([2, 2], [1, 3, 5, 7]))
    #expect(sum.result == 16)
  }

  @Test func accuraciesGetBetterUpwardsAndErrorsDownwards() throws {
    #expect(try Metric(spelled: "accuracy").mode == .max)
    #expect(try Metric(spelled: "AUC").mode == .max)
    #expect(try Metric(spelled: "mae").mode == .min)
    #expect(try Metric(spelled: "true_positives").mode == .auto)
  }
}
