/// Data that needs no file: made for the shape that a model takes.
///
/// Every input with a time axis gets it along time, others along their first axis behind the
/// batch. Inputs that an `Embedding` reads get whole numbers that have a row in its table.
public enum SampleInput: Hashable, Sendable {
  /// A wave along time, a phase for each feature.
  case sine
  /// From 0 to 1 along time.
  case ramp
  /// 1 at one timestep, 0 elsewhere: shows how far memory reaches.
  case impulse(at: Int)
  /// Random numbers from −1 to 1, the same for equal seeds.
  case random(seed: UInt64)
  /// Characters, one a timestep, one-hot over the features: the first one that occurs is
  /// feature 0, the next different one feature 1.
  case text(String)

  /// The names that a person chooses from, in the order in which they are offered.
  public static let names = ["sine", "ramp", "impulse", "random", "text"]

  /// The input in words: `impulse at t = 5`.
  public var label: String {
    switch self {
    case .sine: "sine"
    case .ramp: "ramp"
    case .impulse(let t): "impulse at t = \(t)"
    case .random(let seed): "random, seed \(seed)"
    case .text(let text): "text “\(text.count > 40 ? text.prefix(39) + "…" : text[...])”"
    }
  }

  /// The input that a person names: `sine`, `ramp`, `impulse 5`, `random 7`, `text hello world`.
  ///
  /// Without a number an impulse is at t = 0, and random numbers have seed 0.
  /// - Throws: `PassError` where the words name no input.
  public init(words: String) throws(PassError) {
    let words = words.drop { $0 == " " }
    let name = words.prefix { $0 != " " }
    let rest = words.dropFirst(name.count + 1)
    let number = rest.filter { $0 != " " }
    switch name {
    case "sine", "ramp":
      guard number.isEmpty else {
        throw PassError("\(name) takes nothing behind it, found \(rest)")
      }
      self = name == "sine" ? .sine : .ramp
    case "impulse":
      guard let t = number.isEmpty ? 0 : Int(number), t >= 0 else {
        throw PassError("impulse takes a timestep from 0, found \(rest)", remedy: "impulse 5")
      }
      self = .impulse(at: t)
    case "random":
      guard let seed = number.isEmpty ? 0 : UInt64(number) else {
        throw PassError("random takes a whole number as its seed, found \(rest)")
      }
      self = .random(seed: seed)
    case "text":
      guard !rest.isEmpty else {
        throw PassError("text needs characters behind it", remedy: "text hello")
      }
      self = .text(String(rest))
    default:
      let near = nearest(to: String(name), in: Self.names).map { "did you mean \($0)?" }
      throw PassError(
        name.isEmpty ? "no input is named" : "there is no input \(name)",
        remedy: near ?? "there are sine, ramp, impulse T, random SEED and text WORDS")
    }
  }

  /// The input that a person names, word by word.
  ///
  /// - Throws: `PassError` where the words name no input.
  public init(words: [String]) throws(PassError) {
    try self.init(words: words.joined(separator: " "))
  }
}
