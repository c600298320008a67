import Neural
import Screen

/// The commands of the Train screen.
extension Command {
  static let train: [Description] = [
    .init(
      names: ["data"], usage: ":data WHAT",
      help: "a task, script, or x.npy -> y.npy to train on")
  ]

  /// Carries out a command of the Train screen.
  ///
  /// - Returns: whether it is one.
  static func trainCommand(_ name: String, _ argument: String, _ state: inout State) -> Bool {
    guard name == "data" else { return false }
    guard !saysItIsBusy(&state) else { return true }
    do throws(PassError) {
      let source = try TrainSource.parse(argument)
      if source == .script, state.document.path?.hasSuffix(".py") != true {
        throw PassError("this model comes from no script", remedy: ":data x.npy -> y.npy")
      }
      state.train.source = source
      if case .files = source {
        state.train.ownFiles = source
        // Files are read anew: they may have changed.
        state.train.attempt += 1
      }
      state.done("learns: \(source.title)" + (state.screen == .train ? "" : "; 3 shows it"))
    } catch {
      state.fail(error.description)
    }
    return true
  }

  /// Whether `:set` means the training: a layer's own setting of that name comes first, but on
  /// the Train screen.
  static func isTrainSetting(_ key: String, _ state: State) -> Bool {
    guard TrainSettings.names.contains(key) else { return false }
    if state.screen == .train { return true }
    return state.selectedLayer?.layer.fields.contains { $0.label == key || $0.info.key == key }
      != true
  }

  /// `:set epochs 20`.
  static func setTraining(_ key: String, _ text: String, _ state: inout State) {
    do throws(PassError) {
      try state.train.settings.set(key, to: text)
      let when = state.train.isUnderWay ? ", once this training is stopped or done" : ""
      state.done("training: \(key) is \(text)\(when)")
    } catch {
      state.fail(error.description)
    }
  }
}
