import Neural

/// What a model is run on.
public enum RunInput: Hashable, Sendable {
  /// Data made for the model's shape.
  case sample(SampleInput)
  /// Arrays in files, one for each input.
  case files([String])

  /// A word or two for the title.
  var title: String {
    switch self {
    case .sample(let sample): sample.label
    case .files(let paths):
      paths.map { $0.split(separator: "/").last.map(String.init) ?? $0 }.joined(separator: ", ")
    }
  }

  /// Whether the input says by itself how long it is.
  var hasLength: Bool {
    switch self {
    case .sample(.text), .files: true
    default: false
    }
  }

  /// The characters, one a timestep, where it is a text.
  var characters: [Character]? {
    if case .sample(.text(let text)) = self { Array(text) } else { nil }
  }

  /// Reads what stands behind `:input`.
  ///
  /// - Parameters:
  ///   - text: `sine`, `ramp`, `impulse 5`, `random 7`, `text hello`, or files.
  ///   - middle: where an impulse stands that names no timestep.
  /// - Returns: the input.
  /// - Throws: `PassError` where it is none of them.
  static func parse(_ text: String, middle: Int) throws(PassError) -> RunInput {
    if text == "impulse" { return .sample(.impulse(at: middle)) }
    let words = text.split(separator: " ").map(String.init)
    let isFile = { (word: String) in
      word.contains("/") || [".npy", ".npz", ".csv"].contains { word.contains($0) }
    }
    guard let first = words.first, !SampleInput.names.contains(first), words.contains(where: isFile)
    else { return .sample(try SampleInput(words: text)) }
    return .files(words)
  }
}
