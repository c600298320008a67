/// What is wrong with a script, and where.
public struct ScriptError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the fault lies; `nil` when the whole file is meant.
  public let location: SourceLocation?
  /// What is wrong.
  public let message: String
  /// What to do about it.
  public let remedy: String

  /// Describes a fault of a script.
  public init(at location: SourceLocation?, _ message: String, remedy: String) {
    self.location = location
    self.message = message
    self.remedy = remedy
  }

  /// `LINE:COLUMN: what is wrong; what to do`.
  public var description: String {
    let place = location.map { "\($0): " } ?? ""
    return remedy.isEmpty ? place + message : "\(place)\(message); \(remedy)"
  }
}
