import Neural
import Screen
import Testing

@testable import Explorer

@Suite struct RunKeys {
  @Test func twoOpensPausedAndSpaceOnTheStackPlays() {
    var probe = ExplorerProbe(bidirectionalModel())
    #expect(probe.state.stepsPerSecond == nil)
    probe.press("2")
    #expect(probe.state.stepsPerSecond == nil)
    probe.press(" ")
    #expect(probe.state.stepsPerSecond == 4)
    probe.press("1")
    #expect(probe.state.stepsPerSecond == nil)
    #expect(probe.screen.contains("┌ Stack "))
    probe.press(" ")
    #expect(probe.state.screen == .run && probe.state.stepsPerSecond == 4)
    #expect(probe.screen.contains("▶ 4 steps/s    s = 0 of 0…127"))
  }

  @Test func playingStopsAtTheEndAndSpaceStartsOver() {
    var probe = ExplorerProbe(recurrentModel(LSTM()))
    probe.press("2 ")
    probe.send(.tick(steps: 3))
    #expect(probe.screen.contains("s = 3 of 0…11"))
    probe.send(.tick(steps: .max))
    #expect(probe.screen.contains("■ end    s = 11 of 0…11"))
    #expect(probe.state.stepsPerSecond == nil)
    probe.press(" ")
    #expect(probe.screen.contains("s = 0 of 0…11"))
    #expect(probe.state.stepsPerSecond == 4)
  }

  @Test func stepsHomeEndAndSpeed() {
    var probe = ExplorerProbe(recurrentModel(LSTM()))
    probe.press("2<right>l")
    #expect(probe.screen.contains("s = 2 of 0…11"))
    probe.press("<left>hhh")
    #expect(probe.screen.contains("s = 0 of 0…11"))
    probe.press("<end><right>")
    #expect(probe.screen.contains("s = 11 of 0…11"))
    probe.press("<home>+++")
    #expect(probe.screen.contains("30 steps a second"))
    probe.press("--------")
    #expect(probe.screen.contains("1 step a second"))
  }

  @Test func theUnitStaysInsideTheLayer() {
    var probe = ExplorerProbe(recurrentModel(layer(LSTM.self, ["units": 12])))
    probe.press("2<down><down>")
    #expect(probe.screen.contains("unit 2 "))
    probe.press("<pgdn><pgdn>")
    #expect(probe.screen.contains("unit 11 "))
    probe.press("<up><pgup>k")
    #expect(probe.screen.contains("unit 0 "))
  }

  @Test func bracketsWalkOverLayersAndKeepThePlayhead() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("2lll]")
    #expect(probe.line(with: "▸").contains("batch_normalization"))
    #expect(probe.screen.contains("BatchNormalization · t = 3 · feature 0"))
    probe.press("]]")
    #expect(probe.screen.contains("this is the last layer"))
    probe.press("[[")
    #expect(probe.screen.contains("s = 3 of 0…127"))
    #expect(probe.screen.contains("forward · t = 3"))
  }

  @Test func everyLayerThatKeepsTheAxisHasItsTwoColours() {
    var probe = ExplorerProbe(bidirectionalModel(), size: (160, 50))
    probe.press("2")
    for name in ["▸ bidirectional", "  batch_normalization", "  dropout"] {
      let canvas = probe.canvas
      let row = (0..<50).first { canvas.text(row: $0).contains(name) } ?? 0
      let colors = (0..<160).compactMap { canvas.style(at: Point(x: $0, y: row))?.foreground }
      #expect(colors.filter { $0 == .forward }.count > 20, "\(name)")
      #expect(colors.filter { $0 == .backward }.count > 20, "\(name)")
      #expect(canvas.text(row: row).contains("50→ 50←"))
    }
  }

  @Test func zoomGoesCloserAndBackToTheWhole() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("2")
    #expect(probe.screen.contains("a column is 2 steps"))
    for zoom in [Zoom.columns, .cells, .wide, .numbers, .whole] {
      probe.press("z")
      #expect(probe.state.run.zoom == zoom)
      probe.press("<end>")
      #expect(probe.line(with: " t ").contains("[127]"))
      probe.press("<home>")
      #expect(probe.line(with: " t ").contains("[0]"))
    }
  }

  @Test func inputsComeInTurnAndByName() {
    var probe = ExplorerProbe(recurrentModel(LSTM()), size: (120, 30))
    probe.press("2")
    for name in ["ramp", "impulse at t = 6", "random", "sine"] {
      probe.press("i")
      #expect(probe.screen.contains("on \(name)"))
    }
    probe.press(":input impulse 3<enter>")
    #expect(probe.screen.contains("impulse at t = 3"))
    probe.press(":input impluse<enter>")
    #expect(probe.screen.contains("impulse"))
    #expect(probe.state.status?.kind == .error)
  }

  @Test func anEditRunsAnewAndKeepsWhereOneLooks() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("2:goto 5<enter>jjj")
    let before = probe.numbers(behind: "c")
    probe.press("m")
    #expect(probe.screen.contains(", sum"))
    #expect(probe.screen.contains("forward · t = 5 · unit 3"))
    #expect(probe.numbers(behind: "c") == before)
    probe.press("r")
    #expect(probe.line(with: "output  y").contains("will meet"))
    probe.press("uu")
    #expect(probe.screen.contains(", concat"))
    #expect(probe.numbers(behind: "c") == before)
    #expect(!probe.state.document.isModified)
  }

  @Test func aSeedDrawsOtherWeightsAndTheOldOnesComeBack() {
    var probe = ExplorerProbe(recurrentModel(LSTM()))
    probe.press("2")
    let before = probe.numbers(behind: "c")
    probe.press(":seed 7<enter>")
    #expect(probe.numbers(behind: "c") != before)
    probe.press(":seed 0<enter>")
    #expect(probe.numbers(behind: "c") == before)
  }

  @Test func theMouseScrubsPicksDirectionsAndLayers() {
    var probe = ExplorerProbe(recurrentModel(bidirectional(LSTM())))
    probe.press("2")
    // Columns stand 6 apart from column 14 on; the forward lane is the third row of the lanes.
    probe.mouse(.press, x: 14 + 6 * 4, y: 4)
    #expect(probe.screen.contains("forward · t = 4"))
    probe.mouse(.drag, x: 14 + 6 * 9 + 1, y: 6)
    #expect(probe.screen.contains("forward · t = 9"))
    probe.mouse(.press, x: 14 + 6 * 2, y: 5)
    #expect(probe.screen.contains("backward · t = 2"))
    #expect(probe.screen.contains("s = 9 of 0…11"))
    probe.mouse(.wheelUp, x: 30, y: 4)
    #expect(probe.screen.contains("s = 8 of 0…11"))
    let strip = probe.screen.split(separator: "\n").firstIndex { $0.contains("  input_layer") } ?? 0
    probe.mouse(.press, x: 10, y: strip)
    #expect(probe.line(with: "▸").contains("input_layer"))
    probe.mouse(.press, x: 100 - 24, y: 0)
    #expect(probe.state.screen == .stack)
  }

  @Test func helpAndHintsAreThoseOfTheScreen() {
    var probe = ExplorerProbe(bidirectionalModel(), size: (160, 60))
    probe.press("2")
    #expect(probe.screen.contains("space play"))
    probe.press("?")
    #expect(probe.screen.contains("Run: keys and commands"))
    #expect(probe.screen.contains(":goto T"))
    probe.press("<esc>")
    #expect(probe.screen.contains("forward  →"))
  }
}
