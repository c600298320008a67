import Neural

/// Where the samples come from that a model is trained on.
public enum TrainSource: Hashable, Sendable {
  /// What the script trains on.
  case script
  /// A built-in task, by its name.
  case task(String)
  /// Arrays in files: one for each input, one for each output.
  case files(inputs: [String], targets: [String])

  /// Reads what stands behind `:data`.
  ///
  /// - Parameter text: the name of a task, `script`, or `X.npy… -> Y.npy…`.
  /// - Returns: the source.
  /// - Throws: `PassError` where it is none of them.
  static func parse(_ text: String) throws(PassError) -> TrainSource {
    let words = text.split(separator: " ").map(String.init)
    if words == ["script"] { return .script }
    if let task = TrainTasks.names.first(where: { $0 == words.joined(separator: " ") }) {
      return .task(task)
    }
    guard let arrow = words.firstIndex(where: { ["->", "→", "=>"].contains($0) }) else {
      let near = words.first.flatMap { nearest(to: $0, in: TrainTasks.names) }
      let isFile = words.first.map { $0.contains(".") || $0.contains("/") } ?? false
      if isFile {
        throw PassError(
          "the targets are missing", remedy: ":data x.npy -> y.npy, inputs before the arrow")
      }
      throw PassError(
        words.isEmpty ? "say what to train on" : "no task is called \(text)",
        remedy: near.map { "did you mean \($0)?" }
          ?? "the name of a task (tab lists them), or :data x.npy -> y.npy")
    }
    let (inputs, targets) = (Array(words[..<arrow]), Array(words[(arrow + 1)...]))
    guard !inputs.isEmpty, !targets.isEmpty else {
      throw PassError(
        inputs.isEmpty ? "no file for the inputs" : "no file for the targets",
        remedy: ":data x.npy -> y.npy")
    }
    return .files(inputs: inputs, targets: targets)
  }

  /// A word or two for the status line.
  var title: String {
    switch self {
    case .script: "the script's own data"
    case .task(let name): TrainTasks.title(of: name)
    case .files(let inputs, let targets):
      "\(TrainSource.names(inputs)) → \(TrainSource.names(targets))"
    }
  }

  private static func names(_ paths: [String]) -> String {
    paths.map { $0.split(separator: "/").last.map(String.init) ?? $0 }.joined(separator: ", ")
  }
}
