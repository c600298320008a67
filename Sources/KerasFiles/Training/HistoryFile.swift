import Neural
import OrderedCollections

/// The results of a training as a file: `{"loss": [0.7, 0.6], "val_loss": [0.8, 0.7]}`, a number
/// an epoch, as `History.history` has them in Keras.
public enum HistoryFile {
  /// The text of a history.
  public static func text(_ history: History) -> String {
    var members: OrderedDictionary<String, ConfigValue> = [:]
    for (name, values) in history.values { members[name] = .list(values.map { .double($0) }) }
    return JSONWriter.write(.object(members)) + "\n"
  }

  /// Saves a history, all or nothing.
  ///
  /// - Throws: `FileError` where it cannot be saved.
  public static func save(_ history: History, to path: String) throws(FileError) {
    _ = try AtomicFile().write(Array(text(history).utf8), to: path, expecting: .anything)
  }
}
