import Screen
import Testing

@testable import Explorer
@testable import Neural

@Suite struct TrainKeys {
  private func opened(_ model: Model = taggingModel(), size: (Int, Int) = (100, 30))
    -> ExplorerProbe
  {
    var probe = ExplorerProbe(model, size: size)
    probe.openTrain()
    return probe
  }

  @Test func theScreenSaysWhatIsTrainedOnWhat() {
    let probe = opened()
    #expect(probe.screen.contains("tag by the next element"))
    #expect(probe.screen.contains("B 640 · T 12 · F 4"))
    #expect(probe.screen.contains("10 epochs · batch 32"))
    #expect(probe.screen.contains("space starts: 10 epochs"))
  }

  @Test func spaceStartsPausesAndGoesOn() {
    var probe = opened()
    probe.press(" ")
    #expect(probe.trainStart?.goesOn == false)
    #expect(probe.screen.contains("▶ training"))
    probe.tell(.training, epochs: 2, batches: 3)
    #expect(probe.screen.contains("epoch 3/10"))
    #expect(probe.screen.contains("batch 3/16 · about 12 s left"))
    probe.press(" ")
    #expect(probe.effects.last == .steerTraining(.pause))
    #expect(probe.screen.contains("pauses after this batch"))
    probe.tell(.paused, epochs: 2, batches: 4)
    #expect(probe.screen.contains("‖ paused"))
    probe.press(" ")
    #expect(probe.effects.last == .steerTraining(.run))
    #expect(probe.screen.contains("▶ training"))
  }

  @Test func spaceBeforeTheDataAreThereStartsOnceTheyAre() {
    var probe = ExplorerProbe(taggingModel())
    probe.state.train.source = .task("tag-by-next")
    probe.press("3 ")
    #expect(probe.trainStart == nil)
    #expect(probe.screen.contains("starting …"))
    probe.prepare()
    #expect(probe.trainStart != nil)
    #expect(probe.screen.contains("▶ training"))
  }

  @Test func aPointMakesOneBatch() {
    var probe = opened()
    probe.press(".")
    #expect(probe.trainStart?.isOneBatch == true)
    probe.tell(.paused, epochs: 0, batches: 1)
    #expect(probe.screen.contains("batch 1/16"))
    probe.press(".")
    #expect(probe.effects.last == .steerTraining(.oneBatch))
  }

  @Test func stoppingGivesTheModelItsWeights() throws {
    var probe = opened()
    probe.press(" ")
    probe.tell(.training, epochs: 3)
    probe.press("x")
    #expect(probe.effects.last == .steerTraining(.stop))
    probe.tell(.stopped, epochs: 3)
    let start = try #require(probe.trainStart)
    let layer = try #require(probe.state.model.layers.keys.first)
    var weights = ModelWeights()
    weights.layers[layer] = LayerWeights([Tensor([1], [42])])
    probe.send(
      .trained(
        TrainOutcome(
          number: start.number, model: probe.state.model, weights: weights,
          says: "the best weights, of epoch 2")))
    #expect(probe.state.document.weights[layer].tensors.first?.values == [42])
    #expect(probe.screen.contains("the model has the best weights, of epoch 2"))
    probe.press(" ")
    #expect(probe.effects.last == .steerTraining(.run))
  }

  @Test func whenAllIsDoneSpaceMakesAsManyEpochsMore() {
    var probe = opened()
    probe.press(" ")
    probe.tell(.done, epochs: 10)
    #expect(probe.screen.contains("space more epochs"))
    probe.press(":set epochs 5<enter>")
    probe.prepare()
    #expect(probe.state.train.report != nil)
    probe.press(" ")
    #expect(probe.trainStart?.goesOn == true)
    #expect(probe.trainStart?.plan.setups.first?.settings.epochs == 5)
  }

  @Test func anewForgetsTheCurvesAndBringsTheWeightsOfBeforeBack() throws {
    var probe = opened()
    let layer = try #require(probe.state.model.layers.keys.first)
    probe.state.document.weights.layers[layer] = LayerWeights([Tensor([1], [7])])
    probe.press(" ")
    probe.tell(.done, epochs: 10)
    probe.state.document.weights.layers[layer] = LayerWeights([Tensor([1], [8])])
    probe.press("r")
    #expect(probe.effects.last == .steerTraining(.drop))
    #expect(probe.state.document.weights[layer].tensors.first?.values == [7])
    #expect(probe.state.train.report == nil)
    // What the old training still says is not looked at.
    probe.tell(.training, epochs: 4)
    #expect(probe.state.train.report == nil)
    probe.press(" ")
    #expect(probe.trainStart?.goesOn == false)
  }

  @Test func anEditWhileTrainingLeavesItAloneAndIsTrainedNext() {
    var probe = opened()
    probe.press(" ")
    let requests = probe.effects.count
    probe.tell(.training, epochs: 2)
    probe.press("1jm3")
    #expect(probe.effects.count == requests)
    #expect(probe.screen.contains("trains the model as it was"))
    probe.tell(.done, epochs: 10)
    #expect(probe.effects.count == requests + 1)
    probe.prepare()
    #expect(probe.state.train.report == nil)
    probe.press(" ")
    #expect(probe.trainStart?.goesOn == false)
    #expect(probe.trainStart?.plan.setups.first?.model == probe.state.model)
  }

  @Test func aSecondModelIsTrainedBesideWithTheOtherNumberOfDirections() {
    var probe = opened(taggingModel(LSTM(units: 6, returnSequences: true)))
    probe.press("c")
    #expect(probe.trainRequest?.contenders.map(\.label) == ["LSTM", "Bidirectional"])
    probe.prepare()
    probe.press(" ")
    probe.tell(.done, epochs: 10)
    #expect(probe.screen.contains("A LSTM · B Bidirectional"))
    #expect(
      probe.screen.contains("val_accuracy: LSTM 0.27 · Bidirectional 0.90 after 10 epochs"))
    #expect(probe.screen.contains("A ── 0.2773"))
    probe.press("<tab>")
    #expect(probe.screen.contains("|∂loss/∂h(t)| B"))
  }

  @Test func comparingNeedsARecurrentLayer() {
    var probe = opened(lineModel())
    probe.press("c")
    #expect(!probe.state.train.compares)
    #expect(probe.screen.contains("no recurrent layer"))
  }

  @Test func layersWeightsAndDataAreChosen() {
    var probe = opened(size: (160, 50))
    probe.press(" ")
    probe.tell(.training, epochs: 1)
    #expect(probe.screen.contains("→ kernel 1 of 2"))
    probe.press("jj")
    #expect(probe.screen.contains("bias 2 of 2"))
    probe.press("k")
    #expect(probe.screen.contains("kernel 1 of 2"))
    probe.press("i")
    #expect(probe.screen.contains("x stops it first"))
  }

  @Test func aHeadThatWasAddedGoesIntoTheModelOnRequestOnly() throws {
    var probe = ExplorerProbe(taggingModel())
    probe.openTrain(added: ["dense: 4"])
    #expect(probe.screen.contains("+ dense: 4"))
    probe.press("a")
    #expect(probe.screen.contains("once it is trained"))
    probe.press(" ")
    probe.tell(.done, epochs: 10)
    var larger = probe.state.model
    let head = larger.addLayer(NamedLayer("head", layer(Dense.self, ["units": 4])))
    larger.outputs = [TensorRef(larger.call(head, on: [larger.outputs[0]]))]
    let number = try #require(probe.trainStart?.number)
    probe.send(
      .trained(
        TrainOutcome(
          number: number, model: larger, weights: ModelWeights(), says: "the last weights")))
    #expect(probe.state.model != larger)
    probe.press("a")
    #expect(probe.state.model == larger)
    probe.press("u")
    #expect(probe.state.model != larger)
  }

  @Test func settingsAreSetByCommandAndBadOnesSayWhatIsExpected() {
    var probe = opened()
    for (command, words) in [
      ("epochs 0", "a whole number from 1"), ("batch_size x", "a whole number from 1"),
      ("learning_rate -1", "a number above 0"), ("optimizer sgdd", "did you mean sgd?"),
      ("loss nothing", "no loss is called"), ("validation_split 1", "from 0 to below 1"),
      ("shuffle maybe", "true or false"),
    ] {
      probe.press(":set \(command)<enter>")
      #expect(probe.screen.contains(words), "\(command)")
      #expect(probe.state.train.settings == TrainSettings())
    }
    probe.press(":set learning_rate 0.5<enter>")
    #expect(probe.trainRequest?.settings.learningRate == 0.5)
    probe.press(":set ep<tab>")
    #expect(probe.screen.contains(":set epochs"))
  }

  @Test func dataAreNamedByCommand() {
    var probe = opened()
    probe.press(":data x.npy<enter>")
    #expect(probe.screen.contains("the targets are missing"))
    probe.press(":data x.npy -><enter>")
    #expect(probe.screen.contains("no file for the targets"))
    probe.press(":data script<enter>")
    #expect(probe.screen.contains("comes from no script"))
    probe.press(":data a/x.npy z.npy -> y.npy<enter>")
    #expect(
      probe.trainRequest?.source == .files(inputs: ["a/x.npy", "z.npy"], targets: ["y.npy"]))
  }

  @Test func whatCannotBeTrainedSaysWhyAndWhatToDo() throws {
    var probe = ExplorerProbe(taggingModel())
    probe.press("3:data x.npy -> y.npy<enter>")
    let number = try #require(probe.trainRequest?.number)
    probe.send(
      .trainingNotPrepared(number: number, PassError("y.npy: no such file", remedy: "check it")))
    #expect(probe.screen.contains("This cannot be trained"))
    #expect(probe.screen.contains("y.npy: no such file"))
    probe.press(" ")
    #expect(probe.trainStart == nil)
    probe.press("1")
    #expect(probe.state.screen == .stack)
  }

  @Test func notANumberNamesEpochAndBatch() throws {
    var probe = opened()
    probe.press(" ")
    let start = try #require(probe.trainStart)
    var logs = MadeUpTraining(
      number: start.number, models: start.plan.setups.map(\.model), labels: [""]
    ).logs(epochs: 2, batches: 5)
    logs[0].take(.ended(.notANumber(epoch: 3, batch: 6)))
    probe.send(.training(TrainReport(number: start.number, activity: .done, runs: logs)))
    #expect(probe.screen.contains("✗ not a number"))
    #expect(
      probe.screen.contains("not a number at epoch 3, batch 6: the weights before it are kept"))
  }

  @Test func anotherFileEndsTheTraining() {
    var probe = opened()
    probe.press(" ")
    probe.tell(.training, epochs: 1)
    probe.send(.opened(models: [Document(lineModel())], current: 0, remarks: []))
    #expect(probe.effects.contains(.steerTraining(.drop)))
    probe.tell(.training, epochs: 2)
    #expect(probe.state.train.report == nil)
  }

  @Test func everySizeOfTerminalIsDrawnWithoutTrapping() {
    for width in [0, 1, 59, 60, 61, 75, 76, 80, 99, 132, 160, 400] {
      for height in [0, 1, 15, 16, 17, 20, 24, 30, 50, 150] {
        for made in [-1, 0, 1, 10] {
          var probe = opened(size: (width, height))
          if made >= 0 {
            probe.press(" ")
            probe.tell(.training, epochs: made, batches: 3)
          }
          #expect(probe.canvas.size == Size(width: width, height: height))
        }
      }
    }
  }

  @Test func randomKeysNeverTrap() {
    var generator = SplitMix64(state: 9)
    let keys: [Key] =
      "123   ...xxricca[]jk?:qmru".map { Key.character($0) } + [
        .enter, .escape, .tab, .up, .down, .control("r"), .character("3"), .character("3"),
      ]
    for model in [taggingModel(), lineModel(), twoTowersModel()] {
      var probe = ExplorerProbe(model)
      probe.state.train.source = .task("tag-by-next")
      probe.runs = false
      for step in 0..<600 {
        switch generator.next() % 12 {
        case 0: probe.prepare()
        case 1:
          let epochs = Int(generator.next() % 11)
          probe.tell(
            [.training, .paused, .stopped, .done][Int(generator.next() % 4)], epochs: epochs)
        case 2:
          probe.mouse(
            [.press, .drag, .wheelUp, .wheelDown][Int(generator.next() % 4)],
            x: Int(generator.next() % 110), y: Int(generator.next() % 34))
        default: probe.send(.input(.key(keys[Int(generator.next() % UInt64(keys.count))])))
        }
        if step % 10 == 0 { _ = probe.canvas }
      }
    }
  }
}
