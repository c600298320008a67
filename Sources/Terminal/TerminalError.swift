/// Why no session can be opened, in one line.
public enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Standard input or output is a file, a pipe or closed.
  case notATerminal
  /// `TERM` is empty, `dumb`, or names a terminal that cannot place its cursor or is not known.
  case unusable(term: String)
  /// The system refused a pipe.
  case outOfDescriptors

  /// What is wrong; no full stop, so that a remedy can follow.
  public var description: String {
    switch self {
    case .notATerminal: "standard input and output are not a terminal"
    case .unusable(term: ""): "TERM is not set"
    case .unusable(let term): "the terminal '\(term)' cannot show screens"
    case .outOfDescriptors: "the system has no file descriptors left"
    }
  }
}
