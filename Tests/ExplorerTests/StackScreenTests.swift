import Neural
import Screen
import Testing

@testable import Explorer

@Suite struct StackScreen {
  @Test func answersTheFirstQuestion() {
    var probe = ExplorerProbe(bidirectionalModel(), path: "bidirectional.py")
    probe.press("j")
    let line = probe.line(with: "▸ bidirectional · LSTM")
    #expect(line.contains("(32, 128, 100)"))
    #expect(line.contains("50→ 50←"))
    #expect(line.contains("28,400"))
    #expect(probe.screen.contains("Why 100 features?"))
    #expect(probe.screen.contains("2 × 4 × ((20 + 50) × 50 + 50)"))
    #expect(probe.screen.contains("Total 28,800 (112.50 KB)"))
    #expect(probe.screen.contains("B 32 · T 128 · F 20"))
  }

  @Test func partsStayBehindLayersThatKeepTheAxis() {
    let probe = ExplorerProbe(bidirectionalModel())
    for name in ["batch_normalization", "dropout"] {
      #expect(probe.line(with: name).contains("50→ 50←"))
    }
  }

  @Test func searchBidirectionalUndoMergeAndReturnSequencesFollowEachOther() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("/bidirectional<enter>b")
    #expect(probe.line(with: "▸ lstm").contains("14,200"))
    #expect(probe.screen.contains("Total 14,400"))
    probe.press("u")
    #expect(probe.screen.contains("Total 28,800"))
    probe.press("m")
    #expect(probe.line(with: "▸ bidirectional").contains("(32, 128, 50)"))
    #expect(probe.screen.contains("Total 28,600"))
    probe.press("ur")
    #expect(probe.line(with: "▸ bidirectional").contains("(32, 100)"))
  }

  @Test func anAsymmetricBackwardLayerShowsBothSizesAndWhatKerasReports() {
    var backward = LSTM(units: 240, returnSequences: true)
    backward.options.goBackwards = true
    var wrapper = Bidirectional(NamedLayer("lstm", LSTM(units: 47, returnSequences: true)))
    wrapper.backward = NamedLayer("lstm_1", backward)
    let model = Model(
      input: InputLayer(batchShape: [nil, 144, 8]), layers: [NamedLayer("bidirectional", wrapper)])
    var probe = ExplorerProbe(model, size: (160, 40))
    probe.press("j")
    #expect(probe.screen.contains("(None, 144, 287)"))
    #expect(probe.screen.contains("47→ 240←"))
    #expect(probe.screen.contains("Keras reports 94"))
  }

  @Test func towersStandSideBySideWithTheirJoin() {
    let screen = ExplorerProbe(twoTowersModel(), size: (160, 40)).screen
    let lines = screen.split(separator: "\n").map(String.init)
    let pair = lines.first { $0.contains("● lstm ") && $0.contains("● lstm_1") }
    #expect(pair?.contains("(None, 6)") == true)
    #expect(lines.contains { $0.contains("├──") && $0.contains("─┘") })
    #expect(screen.contains("● subtract"))
  }

  @Test func narrowScreensShowTowersAsLinesBesideAList() {
    let screen = ExplorerProbe(twoTowersModel(), size: (80, 24)).screen
    #expect(screen.contains("├─┘"))
    #expect(screen.contains("input_layer_1"))
  }

  @Test func noFileShowsFirstStepsAndSetChangesTheInput() {
    var probe = ExplorerProbe(size: (80, 24))
    #expect(probe.screen.contains("First steps"))
    probe.press(":set timesteps 12<enter>:set features 4<enter>:set batch 32<enter>")
    #expect(probe.line(with: "▸ input_layer").contains("(32, 12, 4)"))
    probe.press(":set batch None<enter>")
    #expect(probe.line(with: "▸ input_layer").contains("(None, 12, 4)"))
  }

  @Test func everySizeOfTerminalIsDrawnWithoutTrapping() {
    for width in [0, 1, 5, 20, 59, 60, 61, 79, 80, 95, 96, 100, 112, 160, 500] {
      for height in [0, 1, 2, 3, 8, 15, 16, 17, 24, 30, 50, 200] {
        for (model, keys) in [
          (bidirectionalModel(), "ja"), (twoTowersModel(), "jje"),
          (bidirectionalModel(), "?"), (twoTowersModel(), ":set u<tab>"),
          (twoTowersModel(), "<tab>"),
        ] {
          var probe = ExplorerProbe(model, size: (width, height))
          probe.press(keys)
          #expect(probe.canvas.size == Size(width: width, height: height))
        }
      }
    }
  }

  @Test func namesFromAFileReachTheScreenEscaped() {
    let model = Model(
      input: InputLayer(batchShape: [nil, 4]),
      layers: [NamedLayer("a\u{1b}[31m\u{202e}b 層", Dense())])
    let screen = ExplorerProbe(model, size: (160, 40)).screen
    #expect(!screen.unicodeScalars.contains("\u{1b}"))
    #expect(!screen.unicodeScalars.contains("\u{202e}"))
    #expect(screen.contains("層"))
  }

  @Test func noScreenThatDoesNotExistIsPromised() {
    var probe = ExplorerProbe(bidirectionalModel(), size: (160, 50))
    for keys in ["", "?", "<esc>:", "<esc>ja"] {
      probe.press(keys)
      for word in ["4 Compare", "lesson"] {
        #expect(!probe.screen.contains(word))
      }
    }
  }
}
