import Neural
import Screen
import Testing

@testable import Explorer

@Suite struct RunLanes {
  /// Rows of the lanes, the ruler first, without what stands behind the columns.
  private func rows(_ probe: ExplorerProbe, _ count: Int) -> String {
    probe.screen.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2).prefix(count)
      .map { row in
        var row = row
        while row.last == " " { row.removeLast() }
        return String(row)
      }.joined(separator: "\n")
  }

  @Test func theOutputFillsFromTheMiddleOutwards() {
    var probe = ExplorerProbe(
      recurrentModel(bidirectional(copying()), timesteps: 8, features: 1), size: (80, 24))
    probe.press("2:input ramp<enter>lll")
    #expect(
      rows(probe, 5) == """
         t             0     1     2    [3]   [4]    5     6     7     T 8
         input x       0    ░░    ▒▒    ▒▒    ▓▓    ▓▓    ██    ██     F 1
         forward  →    0    ░░    ▒▒    ▒▶     ·     ·     ·     ·     1→
         backward ←    ·     ·     ·     ·    ◀▓    ▓▓    ██    ██     1←
         output  y     ·     ·     ·     ·     ·     ·     ·     ·     1→ 1← = 2
        """)
    probe.press("ll")
    #expect(
      rows(probe, 5) == """
         t             0     1    [2]    3     4    [5]    6     7     T 8
         input x       0    ░░    ▒▒    ▒▒    ▓▓    ▓▓    ██    ██     F 1
         forward  →    0    ░░    ▒▒    ▒▒    ▓▓    ▓▶     ·     ·     1→
         backward ←    ·     ·    ◀▒    ▒▒    ▓▓    ▓▓    ██    ██     1←
         output  y     ·     ·    ▒▒    ▒▒    ▓▓    ▓▓     ·     ·     1→ 1← = 2
        """)
  }

  @Test func withoutSequencesTheTwoLastStatesMeetOnlyAtTheEnd() {
    var probe = ExplorerProbe(
      recurrentModel(bidirectional(copying(returnSequences: false)), timesteps: 8, features: 1),
      size: (80, 24))
    probe.press("2:input ramp<enter><end>h")
    #expect(
      probe.line(with: "output  y").contains("·  h← of 0 will meet h→ of 7 at the end   ·"))
    probe.press("l")
    // Forward's comes from t = 7, where the ramp ends; backward's from t = 0, where it is 0.
    #expect(
      rows(probe, 5) == """
         t            [0]    1     2     3     4     5     6    [7]    T 8
         input x       0    ░░    ▒▒    ▒▒    ▓▓    ▓▓    ██    ██     F 1
         forward  →    0    ░░    ▒▒    ▒▒    ▓▓    ▓▓    ██    █▶     1→
         backward ←   ◀0    ░░    ▒▒    ▒▒    ▓▓    ▓▓    ██    ██     1←
         output  y     0 ─ h← of 0 and h→ of 7: side by side ── ██     1→ 1← = 2
        """)
  }

  @Test func onlyTheTwoEndsOfALongSequenceAreFilledAtTheStart() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("2")
    #expect(probe.line(with: "s = 0 of 0…127").contains("bidirectional · LSTM 50→ 50←, concat"))
    let dots = String(repeating: "·", count: 63)
    #expect(probe.lane("forward  →") == "▶" + dots)
    #expect(probe.lane("backward ←") == dots + "◀")
    #expect(probe.lane("output y →") == dots + "·")
    #expect(probe.lane("output y ←") == dots + "·")
    #expect(probe.line(with: "[0]").contains("[127]"))
  }

  @Test func halfwayTheMiddleOfTheOutputIsCompleteAndNothingElse() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("2:goto 64<enter>")
    for name in ["output y →", "output y ←"] {
      let lane = Array(probe.lane(name))
      #expect(lane.count == 64)
      #expect(lane.indices.filter { lane[$0] != "·" } == [31, 32])
    }
    probe.press("<end>")
    #expect(!probe.lane("output y →").contains("·"))
  }

  @Test(arguments: ["sum", "mul", "ave"])
  func aMergedOutputIsOneNumberWhereBothHaveBeen(mode: String) {
    let model = recurrentModel(bidirectional(copying(), merge: mode), timesteps: 8, features: 1)
    var probe = ExplorerProbe(model, size: (160, 50))
    probe.press("2:input ramp<enter><end>")
    // At t = 7 both directions hold 1.
    let expected = ["sum": "2.00", "mul": "1.00", "ave": "1.00"][mode] ?? ""
    #expect(probe.line(with: "output  y").contains(expected))
    #expect(probe.line(with: "output  y").hasSuffix(" 1"))
  }

  @Test func outputsThatStayApartHaveARowEach() {
    let model = recurrentModel(bidirectional(copying(), merge: "None"), timesteps: 8, features: 1)
    var probe = ExplorerProbe(model, size: (80, 24))
    probe.press("2:input ramp<enter>l")
    #expect(probe.lane("output y →") == "0░░······")
    #expect(probe.lane("output y ←") == "······████")
  }

  @Test func oneDirectionHasOneLaneAndItsOutputFollowsIt() {
    var probe = ExplorerProbe(recurrentModel(copying(), timesteps: 8, features: 1), size: (80, 24))
    probe.press("2:input ramp<enter>ll<tab>")
    #expect(!probe.screen.contains("backward"))
    #expect(probe.lane("forward  →") == "0░░▒▶·····")
    #expect(probe.lane("output  y") == "0░░▒▒·····")
    #expect(probe.screen.contains("one direction only"))
  }

  @Test func aLayerThatGoesBackwardsLeavesItsOutputInReadingOrder() {
    var inner = copying()
    try? inner.set("go_backwards", to: true)
    var probe = ExplorerProbe(recurrentModel(inner, timesteps: 8, features: 1), size: (92, 24))
    probe.press("2:input ramp<enter>ll")
    #expect(probe.lane("backward ←") == "·····◀▓████")
    #expect(probe.lane("output y ⇄") == "████▓▓·····")
    #expect(probe.screen.contains("the output stays in reading order"))
  }

  @Test func maskedTimestepsAreSkippedAndShown() {
    let model = Model(
      input: InputLayer(batchShape: [nil, 8, 1]),
      layers: [
        NamedLayer("masking", MaskingLayer()), NamedLayer("layer", bidirectional(copying())),
      ])
    var probe = ExplorerProbe(model, size: (80, 24))
    probe.press("2]:input impulse 3<enter><end>")
    probe.press("[]")
    #expect(probe.lane("mask") == "00010000")
    #expect(probe.lane("forward  →") == "»»»██»»»▶")
    #expect(probe.line(with: "mask").contains("7 skipped"))
    #expect(probe.screen.contains("skipped: the mask is 0 here, the state is carried over"))
    #expect(probe.numbers(behind: "h") == [1])
  }

  @Test func aTextStandsAboveTheLanesCharacterByCharacter() {
    var probe = ExplorerProbe(recurrentModel(LSTM(), timesteps: nil, features: 8), size: (80, 24))
    probe.press(":input text hello<enter>2")
    #expect(probe.lane(" text    ") == "hello")
    #expect(probe.line(with: "s = 0 of 0…4").contains("text “hello”"))
  }

  @Test func oneTimestepIsARunToo() {
    var probe = ExplorerProbe(recurrentModel(bidirectional(LSTM()), timesteps: 1), size: (80, 24))
    probe.press("2")
    #expect(probe.screen.contains("s = 0 of 0…0"))
    #expect(probe.lane("output  y").count == 2)
    #expect(!probe.screen.contains("·     ·"))
  }
}
