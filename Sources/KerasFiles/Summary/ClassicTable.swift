import Neural

/// The table that Keras 2.0 to 2.3 printed: columns cut short, a line under each row.
///
/// Automatic names count from 1 there, and operations on masks were no part of a model.
enum ClassicTable {
  static func text(
    _ model: Model, _ facts: SummaryRows, options: SummaryOptions
  ) throws(SummaryError) -> String {
    let length = options.lineLength ?? (facts.isChain ? 65 : 98)
    guard (1...1_000_000).contains(length) else {
      throw SummaryError("a line length of \(length) does not fit a table")
    }
    let stops = (facts.isChain ? [0.45, 0.85, 1.0] : [0.33, 0.55, 0.67, 1.0]).map {
      Int($0 * Double(length))
    }
    let thin = String(repeating: "_", count: length) + "\n"
    let thick = String(repeating: "=", count: length) + "\n"
    let headers = ["Layer (type)", "Output Shape", "Param #", "Connected to"]
    let names = ClassicNames(model)
    var text = "Model: \"\(names.model)\"\n" + thin
    text += line(Array(headers.prefix(stops.count)), stops) + thick
    let rows = try options.listed(facts.rows).flatMap { options.expandNested ? $0.withInner : [$0] }
    for (index, row) in rows.enumerated() {
      let connections = facts.isChain ? [] : row.connections.map(names.text)
      let fields = [
        "\(names.name(row)) (\(row.className))", shapeText(row), "\(row.parameters.total)",
      ]
      text += line(fields + (facts.isChain ? [] : [connections.first ?? ""]), stops)
      for further in connections.dropFirst() { text += line(["", "", "", further], stops) }
      text += index == rows.count - 1 ? thick : thin
    }
    text += "Total params: \(facts.total.total.grouped)\n"
    text += "Trainable params: \(facts.total.trainable.grouped)\n"
    text += "Non-trainable params: \(facts.total.nonTrainable.grouped)\n"
    return text + thin
  }

  /// Each field overwrites the last column of the one before with a blank and ends at its stop.
  private static func line(_ fields: [String], _ stops: [Int]) -> String {
    var line: [Unicode.Scalar] = []
    for (index, field) in fields.enumerated() {
      if index > 0, !line.isEmpty { line[line.count - 1] = " " }
      line += field.unicodeScalars
      line = Array(line.prefix(stops[index]))
      line += Array(repeating: " ", count: stops[index] - line.count)
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: line)
    return String(text) + "\n"
  }

  private static func shapeText(_ row: SummaryRows.Row) -> String {
    let distinct = Set(row.outputsOfCalls.map { $0.map(\.sizes) })
    if distinct.count > 1 { return "multiple" }
    guard let outputs = row.outputs else { return "?" }
    let texts = outputs.map(\.description)
    return texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
  }
}

extension SummaryRows.Row {
  /// The row and those of the models inside it.
  fileprivate var withInner: [SummaryRows.Row] { [self] + inner.flatMap(\.withInner) }
}

/// Names as Keras 2 counts them.
private struct ClassicNames {
  let model: String
  private let source: Model

  init(_ model: Model) {
    source = model
    let base = model.kind == .sequential ? "sequential" : "functional"
    let name = model.kind == .sequential ? "sequential" : "model"
    self.model = ClassicNames.counted(model.name, base: base, as: name) ?? model.name
  }

  func name(_ row: SummaryRows.Row) -> String {
    name(row.name, className: row.className)
  }

  func text(_ connection: SummaryRows.Connection) -> String {
    let className = source.layers[connection.layer]?.className ?? ""
    let shown = name(connection.name, className: className)
    return "\(shown)[\(connection.call)][\(connection.output)]"
  }

  private func name(_ name: String, className: String) -> String {
    let base = snakeCase(className)
    let classic =
      switch className {
      case "InputLayer": "input"
      case "Functional": "model"
      default: base
      }
    return ClassicNames.counted(name, base: base, as: classic) ?? name
  }

  /// `lstm` → `lstm_1`, `lstm_1` → `lstm_2`; `nil` for a name that a person chose.
  private static func counted(_ name: String, base: String, as classic: String) -> String? {
    guard name.hasPrefix(base) else { return nil }
    let rest = name.dropFirst(base.count)
    if rest.isEmpty { return "\(classic)_1" }
    guard rest.first == "_", let number = Int(rest.dropFirst()), number > 0, number < .max,
      rest.dropFirst() == String(number)[...]
    else { return nil }
    return "\(classic)_\(number + 1)"
  }
}
