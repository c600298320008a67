/// A small task whose answer is known, made to show what a bidirectional layer is for.
///
/// A sequence is a row of symbols, each drawn at random; the model is asked about it once, or at
/// each timestep. Which symbols there are follows from what the model takes: see `ToySequences`.
public enum ToyTask: String, CaseIterable, Hashable, Sendable {
  /// Which symbol came first.
  case recallFirst = "recall-first"
  /// Which symbol came last.
  case recallLast = "recall-last"
  /// Whether the sequence reads the same backward.
  case palindrome
  /// Whether symbol 1 came an odd number of times.
  case parity
  /// At each timestep: how often symbol 1 has come so far.
  case runningSum = "running-sum"
  /// At each timestep: which symbol came three timesteps ago.
  case delayedEcho = "delayed-echo"
  /// At each timestep: which symbol comes next.
  case tagByNext = "tag-by-next"

  /// How often a model answers.
  public enum Kind: Hashable, Sendable {
    /// Once for a sequence.
    case oneAnswer
    /// At each timestep.
    case eachTimestep
  }

  /// The task in a few words.
  public var title: String {
    switch self {
    case .recallFirst: "recall the first element"
    case .recallLast: "recall the last element"
    case .palindrome: "is it a palindrome"
    case .parity: "parity"
    case .runningSum: "running sum"
    case .delayedEcho: "delayed echo"
    case .tagByNext: "tag by the next element"
    }
  }

  /// What the model has to say, in one sentence.
  public var question: String {
    switch self {
    case .recallFirst: "Which symbol came first?"
    case .recallLast: "Which symbol came last?"
    case .palindrome: "Does the sequence read the same backward?"
    case .parity: "Did symbol 1 come an odd number of times?"
    case .runningSum: "At each timestep: how often has symbol 1 come so far?"
    case .delayedEcho:
      "At each timestep: which symbol came \(ToyTask.delay) timesteps ago (0 before there was one)?"
    case .tagByNext: "At each timestep: which symbol comes next (0 behind the last one)?"
    }
  }

  /// What it shows about reading in both directions, in one sentence.
  public var lesson: String {
    switch self {
    case .recallFirst:
      "A forward layer has to carry the first symbol through every timestep; the backward "
        + "direction reads it last."
    case .recallLast:
      "A forward layer has just read the last symbol: the backward direction adds nothing."
    case .palindrome:
      "Both ends have to be compared: either direction alone has to remember half of the sequence."
    case .parity:
      "Every symbol counts, in any order: reading it once more backward does not help."
    case .runningSum:
      "The answer depends on what came before alone: the forward direction does all the work."
    case .delayedEcho:
      "The answer lies in the past: a forward layer needs memory, not a look ahead."
    case .tagByNext:
      "The answer lies in the future: hopeless for a forward layer, easy for a bidirectional one."
    }
  }

  /// How often the model answers.
  public var kind: Kind {
    switch self {
    case .recallFirst, .recallLast, .palindrome, .parity: .oneAnswer
    case .runningSum, .delayedEcho, .tagByNext: .eachTimestep
    }
  }

  /// How many timesteps a sequence has where the model leaves it open.
  public var timesteps: Int {
    switch self {
    case .recallFirst, .recallLast: 20
    case .palindrome, .parity: 8
    case .runningSum: 10
    case .delayedEcho, .tagByNext: 12
    }
  }

  /// How many sequences there are to learn from.
  public var samples: Int {
    switch self {
    case .palindrome, .parity: 2048
    default: 1024
    }
  }

  /// How many timesteps ago the symbol came that is to be echoed.
  static let delay = 3
  /// Features where the model leaves them open.
  static let features = 4
  /// Symbols at most: more are no harder, only slower to learn.
  static let mostSymbols = 4

  /// How many symbols sequences are made of: two where the answer is about symbol 1 or mirror
  /// images, else as many as there is room for.
  func symbols(atMost room: Int) -> Int {
    switch self {
    case .palindrome, .parity, .runningSum: 2
    default: max(min(room, ToyTask.mostSymbols), 2)
    }
  }

  /// How many different answers there are.
  func classes(symbols: Int, timesteps: Int) -> Int {
    switch self {
    case .palindrome, .parity: 2
    case .runningSum: added(timesteps, 1) ?? timesteps
    default: symbols
    }
  }

  /// The fewest timesteps that make sense.
  var fewestTimesteps: Int {
    switch self {
    case .palindrome, .delayedEcho, .tagByNext: 2
    default: 1
    }
  }
}
