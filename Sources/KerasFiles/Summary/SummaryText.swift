import Neural

/// A model's summary: its layers, shapes and parameters as text.
///
/// Names stand in it as the file has them: whoever shows it escapes controls.
///
/// - Parameters:
///   - model: The model.
///   - style: How it looks.
///   - options: What it shows.
/// - Returns: The text, a line break at its end.
/// - Throws: `SummaryError` where the width does not suffice or a layer range fits no layer.
public func summaryText(
  of model: Model, style: SummaryStyle, options: SummaryOptions = SummaryOptions()
) throws(SummaryError) -> String {
  switch style {
  case .keras: try KerasTable.text(model, SummaryRows(of: model), options: options)
  case .classic:
    try ClassicTable.text(model, SummaryRows(of: model, showsMasks: false), options: options)
  case .json: summaryJSON(of: [model], main: 0)
  }
}
