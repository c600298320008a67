import Neural

/// What is wrong with the bytes of an array file, before the file has a name.
struct ArrayFault: Error, Hashable, Sendable {
  /// What was found and what was expected.
  var message: String
  /// What to do about it; empty where the message says it.
  var remedy: String
  /// The line of a text file, counted from 1.
  var line: Int?
  /// The column of the character on that line, counted from 1.
  var column: Int?

  init(_ message: String, remedy: String = "", line: Int? = nil, column: Int? = nil) {
    self.message = message
    self.remedy = remedy
    self.line = line
    self.column = column
  }

  /// The fault as one of a file, or of a member of an archive.
  func at(_ path: String, member: String? = nil) -> FileError {
    FileError(
      path, member.map { "\($0) \(message)" } ?? message, remedy: remedy, line: line,
      column: column)
  }

  /// An array that would take more memory than allowed.
  static func tooMuchMemory(_ needed: Count, allowed: MemoryLimit) -> ArrayFault {
    ArrayFault(
      "would take \(needed.grouped) bytes in memory, allowed are \(Count(allowed.bytes).grouped)",
      remedy: "use fewer samples or timesteps")
  }
}
