import Screen
import Testing

@Suite struct FuzzyMatchTests {
  private func best(_ pattern: String, _ texts: String...) -> String? {
    FuzzyMatch.rank(pattern, among: texts).first.map { texts[$0.place] }
  }

  @Test func needsEveryCharacterInOrder() {
    #expect(FuzzyMatch("lstm", in: "LSTM") != nil)
    #expect(FuzzyMatch("bd", in: "Bidirectional") != nil)
    #expect(FuzzyMatch("db", in: "Bidirectional") == nil)
    #expect(FuzzyMatch("lstmm", in: "LSTM") == nil)
    #expect(FuzzyMatch("a", in: "") == nil)
    #expect(FuzzyMatch("", in: "")?.indices == [])
  }

  @Test func saysWhichCharactersMatched() {
    #expect(FuzzyMatch("gap", in: "GlobalAveragePooling1D")?.indices == [0, 6, 13])
    #expect(FuzzyMatch("batch norm", in: "BatchNormalization")?.indices == Array(0..<9))
    #expect(FuzzyMatch("c2", in: "Conv2D")?.indices == [0, 4])
    #expect(FuzzyMatch("drop", in: "SpatialDropout1D")?.indices == [7, 8, 9, 10])
  }

  @Test func prefersStartsHumpsAndRuns() {
    #expect(best("bn", "Bidirectional", "BatchNormalization") == "BatchNormalization")
    #expect(best("drop", "SpatialDropout1D", "Dropout") == "Dropout")
    #expect(best("den", "TimeDistributed", "Dense") == "Dense")
    #expect(best("max", "GlobalMaxPooling1D", "MaxPooling1D") == "MaxPooling1D")
    #expect(best("td", "Bidirectional", "TimeDistributed") == "TimeDistributed")
    #expect(best("rnn", "Concatenate", "SimpleRNN") == "SimpleRNN")
    #expect(best("conv2", "Conv1D", "Conv2D") == "Conv2D")
  }

  @Test func equalMatchesKeepTheirOrder() {
    #expect(FuzzyMatch.rank("", among: ["b", "a"]).map(\.place) == [0, 1])
    #expect(FuzzyMatch.rank("x", among: ["xa", "xb", "q"]).map(\.place) == [0, 1])
  }

  @Test func longTextsStayCheap() {
    let text = String(repeating: "ab", count: 100_000)
    #expect(FuzzyMatch(String(repeating: "a", count: 100), in: text)?.indices.count == 100)
    #expect(FuzzyMatch(String(repeating: "a", count: 100_000), in: text) == nil)
  }
}
