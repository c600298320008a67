/// How well a text holds what was typed: every character of the pattern in order, with gaps.
///
/// Starts of words, humps of camelCase and runs of neighbours score higher; case does not count.
public struct FuzzyMatch: Hashable, Sendable {
  /// Higher is better; comparable for one pattern over different texts.
  public let score: Int
  /// Places of the matched characters in the text, ascending, for highlighting.
  public let indices: [Int]

  /// Longer texts match by their beginning only, so that a keystroke stays cheap.
  private static let limit = 256

  /// Matches a pattern, blanks ignored; nil if the text does not hold it.
  ///
  /// - Parameters:
  ///   - pattern: What was typed; the empty pattern matches everything with score 0.
  ///   - text: A candidate, such as a layer's name.
  public init?(_ pattern: String, in text: String) {
    let wanted = pattern.filter { !$0.isWhitespace }.map { $0.lowercased() }
    let letters = Array(text.prefix(FuzzyMatch.limit))
    guard !wanted.isEmpty else {
      score = 0
      indices = []
      return
    }
    guard wanted.count <= letters.count else { return nil }
    let table = Table(wanted: wanted, letters: letters)
    guard let best = table.best else { return nil }
    // Of two texts that match alike the shorter is meant more often.
    score = best.score * 4 - min(letters.count, 64) / 2
    indices = best.indices
  }

  /// The places of the candidates that match, best first; equal ones keep their order.
  public static func rank(_ pattern: String, among texts: [String]) -> [(
    place: Int, match: FuzzyMatch
  )] {
    let matches = texts.enumerated().compactMap { place, text in
      FuzzyMatch(pattern, in: text).map { (place: place, match: $0) }
    }
    return matches.sorted { ($1.match.score, $0.place) < ($0.match.score, $1.place) }
  }
}

/// The best way to lay a pattern over a text, found by dynamic programming.
private struct Table {
  private static let none = Int.min / 2
  private static let match = 4
  private static let consecutive = 6
  private static let wordStart = 8
  private static let textStart = 4

  /// `ending[i][j]`: the best score with pattern character i on text character j.
  private var ending: [[Int]] = []
  /// `from[i][j]`: where pattern character i − 1 then lies.
  private var from: [[Int]] = []

  init(wanted: [String], letters: [Character]) {
    let lowered = letters.map { $0.lowercased() }
    let bonuses = letters.indices.map { Table.bonus(at: $0, in: letters) }
    for (row, character) in wanted.enumerated() {
      var scores = [Int](repeating: Table.none, count: letters.count)
      var origins = [Int](repeating: -1, count: letters.count)
      // The best of the row above up to two characters back, that is, with a gap.
      var gapped = Table.none
      var gappedFrom = -1
      for column in letters.indices {
        if row > 0, column >= 2, ending[row - 1][column - 2] > gapped {
          gapped = ending[row - 1][column - 2]
          gappedFrom = column - 2
        }
        guard lowered[column] == character else { continue }
        let value = Table.match + bonuses[column]
        if row == 0 {
          scores[column] = value
          continue
        }
        let run = column > 0 ? ending[row - 1][column - 1] + Table.consecutive : Table.none
        guard max(run, gapped) > Table.none / 2 else { continue }
        scores[column] = max(run, gapped) + value
        origins[column] = run >= gapped ? column - 1 : gappedFrom
      }
      ending.append(scores)
      from.append(origins)
    }
  }

  /// The best score and where the pattern then lies; nil if it does not fit.
  var best: (score: Int, indices: [Int])? {
    guard let last = ending.last, let score = last.max(), score > Table.none / 2,
      var column = last.firstIndex(of: score)
    else { return nil }
    var indices = [column]
    for row in from.indices.reversed() where row > 0 {
      column = from[row][column]
      indices.append(column)
    }
    return (score, indices.reversed())
  }

  private static func bonus(at index: Int, in letters: [Character]) -> Int {
    guard index > 0 else { return wordStart + textStart }
    let previous = letters[index - 1]
    let letter = letters[index]
    let startsWord =
      !previous.isLetter && !previous.isNumber && (letter.isLetter || letter.isNumber)
    let startsHump = letter.isUppercase && !previous.isUppercase
    // The L of `LSTMCell`'s `Cell`: the last of capitals before a small letter.
    let endsCapitals =
      letter.isUppercase && index + 1 < letters.count && letters[index + 1].isLowercase
    let startsNumber = letter.isNumber && !previous.isNumber
    return startsWord || startsHump || endsCapitals || startsNumber ? wordStart : 0
  }
}
