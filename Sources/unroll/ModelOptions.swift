import ArgumentParser
import KerasFiles
import Neural
import OrderedCollections

/// What every command lets a person say about the model of a file.
struct ModelOptions: ParsableArguments {
  @Option(help: "Which model of a script: its variable or its name.")
  var model: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A script variable that cannot be worked out, such as vocabulary=20000. May be repeated.",
      valueName: "NAME=VALUE"))
  var settings: [String] = []

  @Option(help: "Samples at a time: the batch axis of every input.")
  var batch: Int?

  @Option(help: "Timesteps: the time axis of every input that has one.")
  var timesteps: Int?

  @Option(help: "What random numbers are drawn from, such as first weights.")
  var seed: UInt64 = 0

  func validate() throws {
    for (name, value) in [("--batch", batch), ("--timesteps", timesteps)] {
      guard let value else { continue }
      guard (1...largestSize).contains(value) else {
        throw ValidationError("\(name): expected 1 to \(largestSize), found \(value)")
      }
    }
    try Self.check(settings)
  }

  /// The variables that were set, by name.
  var variables: OrderedDictionary<String, String> { Self.variables(settings) }

  /// Checks that `--set` names variables with values.
  ///
  /// - Throws: `ValidationError` where it does not.
  static func check(_ settings: [String]) throws {
    for setting in settings {
      guard let equals = setting.firstIndex(of: "="), equals > setting.startIndex else {
        throw ValidationError("--set: expected NAME=VALUE, found \(setting)")
      }
    }
  }

  /// The variables that `--set` names.
  static func variables(_ settings: [String]) -> OrderedDictionary<String, String> {
    var result: OrderedDictionary<String, String> = [:]
    for setting in settings {
      guard let equals = setting.firstIndex(of: "=") else { continue }
      result[String(setting[..<equals])] = String(setting[setting.index(after: equals)...])
    }
    return result
  }

  /// The model with the batch and the timesteps that were asked for.
  ///
  /// - Throws: `EditError` where no input has such an axis.
  func applied(to model: Model) throws(EditError) -> Model {
    var result = model
    if let batch { result = try result.settingInputAxis(.batch, to: batch) }
    if let timesteps { result = try result.settingInputAxis(.time, to: timesteps) }
    return result
  }
}
