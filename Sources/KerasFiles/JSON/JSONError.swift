/// What is wrong with a JSON text, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line of the offending byte, counted from 1.
  public let line: Int
  /// The column of the offending character on that line, counted from 1.
  public let column: Int
  /// What was found and what was expected.
  public let message: String
  /// What to do about it.
  public let remedy: String

  /// Describes a fault at a place in a text.
  public init(line: Int, column: Int, message: String, remedy: String) {
    self.line = line
    self.column = column
    self.message = message
    self.remedy = remedy
  }

  /// `LINE:COLUMN: what is wrong; what to do`.
  public var description: String { "\(line):\(column): \(message); \(remedy)" }
}
