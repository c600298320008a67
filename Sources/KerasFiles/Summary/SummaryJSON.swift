import Neural

/// Models' summaries as JSON for programs: a stable interface.
///
/// - Parameters:
///   - models: All models of a file.
///   - main: Which of them the file is about.
/// - Returns: The text, a line break at its end.
public func summaryJSON(of models: [Model], main: Int) -> String {
  let texts = models.map { SummaryJSON.text($0, SummaryRows(of: $0)) }
  let list = texts.isEmpty ? "[]" : "[\n" + texts.joined(separator: ",\n") + "\n]"
  return "{\"main\": \(main), \"models\": \(list)}\n"
}

/// Written by hand: counts may have more than 64 bits, which JSON's numbers can but ours cannot.
private enum SummaryJSON {
  static func text(_ model: Model, _ facts: SummaryRows) -> String {
    let layers = facts.rows.filter { !$0.isOperation }
    let operations = model.kind == .sequential ? [] : facts.rows.filter(\.isOperation)
    let listed = model.kind == .sequential ? Set(layers.map(\.layer)) : nil
    return """
      {"name": \(quoted(model.name)), "class_name": \(quoted(model.kind.rawValue)),
       "layers": \(rows(layers, listed)),
       "operations": \(rows(operations, listed)),
       "output_shapes": \(shapes(facts.outputShapes)), \(counts(facts.total, "total_params"))}
      """
  }

  private static func rows(_ rows: [SummaryRows.Row], _ listed: Set<LayerID>?) -> String {
    guard !rows.isEmpty else { return "[]" }
    let texts = rows.map { row in
      let connections = row.connections.filter { listed?.contains($0.layer) ?? true }
      let names = connections.map { quoted($0.name) }.joined(separator: ", ")
      let members = [
        "\"name\": \(quoted(row.name))", "\"class_name\": \(quoted(row.className))",
        "\"output_shapes\": \(shapes(row.isCalled ? row.outputs ?? [] : []))",
        counts(row.parameters, "params"),
        "\"connected_to\": [\(names)]",
      ]
      return "  {" + members.joined(separator: ", ") + "}"
    }
    return "[\n" + texts.joined(separator: ",\n") + "\n ]"
  }

  private static func counts(_ parameters: SummaryRows.Parameters, _ total: String) -> String {
    "\"\(total)\": \(parameters.total.value), "
      + "\"trainable_params\": \(parameters.trainable.value), "
      + "\"non_trainable_params\": \(parameters.nonTrainable.value)"
  }

  private static func shapes(_ shapes: [Shape]) -> String {
    let texts = shapes.map { shape in
      "[" + shape.sizes.map { $0.map(String.init) ?? "null" }.joined(separator: ", ") + "]"
    }
    return "[" + texts.joined(separator: ", ") + "]"
  }

  private static func quoted(_ text: String) -> String {
    JSONWriter.write(.string(text))
  }
}
