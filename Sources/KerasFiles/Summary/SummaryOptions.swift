import Neural

/// How a summary looks.
public enum SummaryStyle: String, CaseIterable, Sendable {
  /// The table that Keras 3 prints.
  case keras
  /// The table that Keras 2.0 to 2.3 printed.
  case classic
  /// JSON for programs: a stable interface.
  case json
}

/// What a summary is to show.
public struct SummaryOptions: Hashable, Sendable {
  /// Columns of the whole table; `nil` for what the style takes by itself.
  public var lineLength: Int?
  /// Columns of the terminal; the Keras style takes no more by itself.
  public var terminalColumns: Int
  /// Whether a column tells which layers are trained.
  public var showTrainable: Bool
  /// Whether the layers of nested models are listed.
  public var expandNested: Bool
  /// Two patterns: the first layer listed and the last.
  public var layerRange: LayerRange?
  /// Numbers that the optimizer of a trained model keeps: Keras counts them in; `nil`: not trained.
  public var optimizerNumbers: Count?

  /// Two regular expressions that match at the start of layer names.
  public struct LayerRange: Hashable, Sendable {
    /// The first layer listed is the first that this matches.
    public var first: String
    /// The last layer listed is the last that this matches.
    public var last: String

    /// The layers from one pattern to another.
    public init(_ first: String, _ last: String) {
      self.first = first
      self.last = last
    }
  }

  /// Keras' defaults on a terminal of `terminalColumns` columns.
  public init(
    lineLength: Int? = nil, terminalColumns: Int = 80, showTrainable: Bool = false,
    expandNested: Bool = false, layerRange: LayerRange? = nil
  ) {
    self.lineLength = lineLength
    self.terminalColumns = terminalColumns
    self.showTrainable = showTrainable
    self.expandNested = expandNested
    self.layerRange = layerRange
  }
}

/// Why a summary cannot be printed: one line.
public struct SummaryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public var message: String

  /// An error with this message.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
