import Neural
import Screen
import Testing

@testable import Explorer

@Suite struct RunRequests {
  @Test func onlyTheNewestResultIsTaken() throws {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.runs = false
    probe.press("2m")
    let requests = probe.effects.compactMap { effect in
      if case .run(let request) = effect { request } else { nil }
    }
    #expect(requests.count == 2)
    probe.send(.ran(try requests[0].carryOut()))
    #expect(probe.screen.contains("running …"))
    #expect(probe.state.run.result == nil)
    probe.send(.ran(try requests[1].carryOut()))
    #expect(probe.screen.contains("s = 0 of 0…127"))
    #expect(probe.screen.contains(", sum"))
  }

  @Test func escapeStopsARunAndSpaceRunsItAgain() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.runs = false
    probe.press("2<esc>")
    #expect(probe.effects.last == .cancelRun)
    #expect(probe.state.screen == .run)
    #expect(probe.screen.contains("stopped"))
    probe.runs = true
    probe.press(" ")
    #expect(probe.screen.contains("s = 0 of 0…127"))
    probe.press("<esc>")
    #expect(probe.state.screen == .stack)
  }

  @Test func numbersOfAnEarlierModelStepBackUntilTheNewOnesAreThere() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("2")
    probe.runs = false
    probe.press("m")
    #expect(probe.screen.contains("running …"))
    let canvas = probe.canvas
    let styles = (0..<100).compactMap { canvas.style(at: Point(x: $0, y: 4)) }
    #expect(!styles.contains { $0.foreground == .forward })
    #expect(probe.state.stepsPerSecond == nil)
  }

  @Test func nothingRunsWhileTheStackIsShown() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.runs = false
    probe.press("jmrmu")
    #expect(probe.effects.isEmpty)
  }

  @Test func aFreeLengthIsAskedForAndEscapeGoesBack() {
    var probe = ExplorerProbe(recurrentModel(LSTM(), timesteps: nil))
    probe.press("2")
    #expect(probe.screen.contains("(None, None, 3)"))
    #expect(probe.screen.contains("how many timesteps?"))
    probe.press("<esc>")
    #expect(probe.state.screen == .stack)
    probe.press("2<backspace><backspace>0<enter>")
    #expect(probe.screen.contains("how many timesteps?"))
    probe.press("5<enter>")
    #expect(probe.screen.contains("s = 0 of 0…4"))
    probe.press(":timesteps 9<enter>")
    #expect(probe.screen.contains("s = 0 of 0…8"))
    #expect(!probe.state.document.isModified)
  }

  @Test func aRunThatCannotBeSaysWhyAndWhatToDo() {
    var probe = ExplorerProbe(recurrentModel(LSTM(), features: 3))
    probe.press("2:input text hello<enter>")
    #expect(probe.screen.contains("cannot be run"))
    #expect(probe.screen.contains("4 different characters"))
    #expect(probe.screen.contains("space run again"))
    probe.press("i")
    #expect(probe.screen.contains("s = 0 of 0…11"))
  }

  @Test func aLayerThatDoesNotFitIsNamed() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("jralstm<enter>2")
    #expect(probe.screen.contains("cannot be run"))
    #expect(probe.screen.contains("lstm"))
  }

  @Test func notANumberIsShownAndItsFirstTimestepNamed() throws {
    var probe = ExplorerProbe(recurrentModel(bidirectional(LSTM())))
    probe.runs = false
    probe.press("2")
    guard case .run(let request)? = probe.effects.last else {
      Issue.record("no run was asked for")
      return
    }
    var tensor = Tensor([1, 12, 3], repeating: 0.5)
    tensor[0, 4, 2] = .nan
    probe.send(.ran(try request.carryOut(on: RunData([tensor]))))
    #expect(probe.screen.contains("timestep 4"))
    probe.press("<end>")
    #expect(probe.lane("forward  →").contains("N"))
    #expect(probe.screen.contains("NaN"))
  }

  @Test func aLongRunIsWalkedThroughInWindows() {
    var probe = ExplorerProbe(
      recurrentModel(bidirectional(layer(LSTM.self, ["units": 50])), timesteps: 40_000))
    probe.press("2")
    for keys in ["", ":goto 20000<enter>", "<tab>", "z", "<end>", "<home>", "zz<tab>l"] {
      probe.press(keys)
      #expect(probe.numbers(behind: "c").count == 5, "\(keys)")
      #expect(!probe.screen.contains("?     ?"))
    }
  }

  @Test func samplesOfAFileAreShownOneByOne() throws {
    var probe = ExplorerProbe(recurrentModel(copying(), timesteps: 8, features: 1), size: (120, 30))
    probe.runs = false
    probe.press("2")
    guard case .run(let request)? = probe.effects.last else {
      Issue.record("no run was asked for")
      return
    }
    let tensor = Tensor([3, 8, 1], (0..<24).map { Float($0) })
    probe.send(.ran(try request.carryOut(on: RunData([tensor], available: 900))))
    #expect(probe.screen.contains("sample 1 of 3"))
    probe.press("..")
    #expect(probe.screen.contains("sample 3 of 3"))
    #expect(probe.numbers(behind: "h").last == 16)
    probe.press(".,")
    #expect(probe.screen.contains("sample 2 of 3"))
  }

  @Test func anotherFileForgetsTheRun() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("2")
    probe.send(.opened(models: [Document(recurrentModel(GRU()))], current: 0, remarks: []))
    #expect(probe.state.screen == .stack)
    probe.press("2")
    #expect(probe.screen.contains("update gate"))
  }

  @Test func everySizeOfTerminalIsDrawnWithoutTrapping() {
    for width in [0, 1, 20, 59, 60, 61, 80, 99, 131, 132, 160, 500] {
      for height in [0, 1, 8, 15, 16, 17, 20, 24, 30, 50, 200] {
        for (model, keys) in [
          (bidirectionalModel(), "2lll"), (bidirectionalModel(), "2zzzz<end>"),
          (twoTowersModel(), "2<enter>]]"), (bidirectionalModel(), "2r<end>"),
        ] {
          var probe = ExplorerProbe(model, size: (width, height))
          probe.press(keys)
          #expect(probe.canvas.size == Size(width: width, height: height))
        }
      }
    }
  }

  @Test func randomKeysNeverTrap() {
    var generator = SplitMix64(state: 3)
    let keys: [Key] =
      "12 lhjkgGzi[]fF,.mru+-n/?:qt5\u{1b}".map { Key.character($0) } + [
        .enter, .escape, .tab, .up, .down, .left, .right, .backspace, .pageUp, .pageDown,
        .control("r"), .home, .end, .character("b"), .character("2"), .character("2"),
      ]
    for model in [
      recurrentModel(bidirectional(GRU()), timesteps: 5), twoTowersModel(),
      recurrentModel(LSTM(), timesteps: nil),
    ] {
      var probe = ExplorerProbe(model)
      for step in 0..<1500 {
        switch generator.next() % 10 {
        case 0: probe.send(.tick(steps: Int(generator.next() % 5)))
        case 1:
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
