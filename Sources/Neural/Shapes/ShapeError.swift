/// Why a layer cannot stand on the inputs it was given.
public struct ShapeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was found and what was expected, in one line without a full stop.
  public var message: String
  /// What to do about it, in one line; empty where the message says it.
  public var remedy: String

  /// An error that says what is wrong and what to do about it.
  public init(_ message: String, remedy: String = "") {
    self.message = message
    self.remedy = remedy
  }

  /// The message, with the remedy behind it.
  public var description: String {
    remedy.isEmpty ? message : "\(message); \(remedy)"
  }
}
