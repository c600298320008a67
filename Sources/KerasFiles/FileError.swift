/// Why a file cannot be opened or saved: one line for standard error or the status line.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, as the person named it.
  public var path: String
  /// The line, counted from 1; `nil` where the whole file is meant.
  public var line: Int?
  /// The column of the character on that line, counted from 1.
  public var column: Int?
  /// What was found and what was expected.
  public var message: String
  /// What to do about it; empty where the message says it.
  public var remedy: String
  /// Whether the file was not saved because it is another one than was opened: a person may
  /// decide to overwrite it.
  public var isConflict = false

  /// Describes a fault of a file.
  public init(
    _ path: String, _ message: String, remedy: String = "", line: Int? = nil, column: Int? = nil
  ) {
    self.path = path
    self.line = line
    self.column = column
    self.message = message
    self.remedy = remedy
  }

  /// `FILE:LINE:COLUMN: what is wrong; what to do`.
  public var description: String {
    var place = path
    if let line {
      place += ":\(line)"
      if let column { place += ":\(column)" }
    }
    return "\(place): \(message)" + (remedy.isEmpty ? "" : "; \(remedy)")
  }
}
