import Neural
import Screen

extension Command {
  /// The commands that begin as the line does, with what they do; nothing once one is chosen.
  static func help(for text: String) -> [String] {
    guard !text.contains(" ") else {
      let name = String(text.prefix { $0 != " " })
      return all.filter { $0.names.contains(name) }.map { "\($0.usage)   \($0.help)" }
    }
    let matching = all.filter { $0.names.contains { $0.hasPrefix(text) } }
    let width = matching.map(\.usage.count).max() ?? 0
    return matching.map { pad($0.usage, to: width) + "   " + $0.help }
  }

  /// The path that tab completes, where the command takes one.
  static func pathToComplete(_ line: CommandPrompt) -> String? {
    let (before, word) = line.split
    let name = before.trimmingBlanks
    if name == "input" {
      return word.isEmpty || SampleInput.names.contains { $0.hasPrefix(word) } ? nil : word
    }
    if before.hasPrefix("data ") || name == "data" {
      let isTask = TrainTasks.names.contains { $0.hasPrefix(word) }
      return word.isEmpty || isTask || "script".hasPrefix(word) ? nil : word
    }
    return ["w", "w!", "write", "e", "e!", "edit", "wq", "x"].contains(name) ? word : nil
  }

  /// What the word at the cursor could become.
  static func completions(_ line: CommandPrompt, _ state: State) -> [String] {
    let (before, word) = line.split
    let words = before.split(separator: " ").map(String.init)
    let candidates: [String]
    switch (words.first, words.count) {
    case (nil, _):
      candidates = all.compactMap(\.names.first)
    case ("set", 1):
      let settings =
        ["timesteps", "features", "batch"] + (state.selectedLayer?.layer.fields.map(\.label) ?? [])
      candidates =
        state.screen == .train
        ? TrainSettings.names + settings : settings + TrainSettings.names
    case ("data", 1):
      candidates = TrainTasks.names + ["script"]
    case ("set", 2):
      candidates = values(of: words[1], state)
    case ("input", 1):
      candidates = SampleInput.names
    case ("add", 1):
      candidates = LayerCatalog.types.map { $0.className }
    case ("weight", 1):
      candidates = weightNames(state)
    case ("model", 1):
      candidates = state.documents.map { $0.label.isEmpty ? $0.model.name : $0.label }
    default:
      candidates = []
    }
    return candidates.filter { $0.lowercased().hasPrefix(word.lowercased()) }
  }

  private static func values(of key: String, _ state: State) -> [String] {
    if isTrainSetting(key, state) { return TrainSettings.choices(of: key) }
    if axes[key] != nil { return ["None"] }
    guard let layer = state.selectedLayer?.layer,
      let field = layer.fields.first(where: { $0.label == key || $0.info.key == key })
    else { return [] }
    return SettingsForm.Row.setting(field).choices
  }
}
