import Testing

@testable import Neural

/// What the tasks are there to show, shown.
@Suite struct ToyLearningTests {
  /// The validation accuracy of a model after some epochs.
  private func accuracy(
    _ task: ToyTask, _ model: Model, epochs: Int, samples: Int, timesteps: Int? = nil
  ) throws -> Double {
    let setup = try task.setUp(for: model, samples: samples, timesteps: timesteps, seed: 7)
    let trainer = try Trainer(setup.model, setup.compilation, data: setup.data, seed: 7)
    var settings = FitSettings()
    settings.epochs = epochs
    settings.batchSize = setup.batchSize
    settings.validationData = setup.validation
    settings.seed = 7
    var fitting = try Fitting(trainer, data: setup.data, settings: settings)
    var latest = 0.0
    while true {
      switch try fitting.advance() {
      case .ended: return latest
      case .epochEnded(_, let results):
        latest = try #require(results["val_accuracy"])
      default: break
      }
    }
  }

  @Test func onlyABidirectionalLayerSeesTheNextElement() throws {
    let task = ToyTask.tagByNext
    let pair = task.pair(units: 8, features: 4, timesteps: 8)
    let forward = try accuracy(task, pair.forward, epochs: 14, samples: 512)
    let both = try accuracy(task, pair.bidirectional, epochs: 14, samples: 512)
    #expect(both > 0.99)
    // A quarter by guessing, and the last one, behind which nothing comes, by counting.
    #expect(forward < 0.4)
  }

  @Test func theLastElementIsEasyForBoth() throws {
    let task = ToyTask.recallLast
    let pair = task.pair(units: 8, features: 4, timesteps: 8)
    #expect(try accuracy(task, pair.forward, epochs: 4, samples: 512) > 0.99)
    #expect(try accuracy(task, pair.bidirectional, epochs: 4, samples: 512) > 0.99)
  }
}
