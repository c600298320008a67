import Neural

/// The table that Keras 3 prints (`keras/src/utils/summary_utils.py`).
enum KerasTable {
  static func text(
    _ model: Model, _ facts: SummaryRows, options: SummaryOptions
  ) throws(SummaryError) -> String {
    var headers = ["Layer (type)", "Output Shape", "Param #"]
    var justifications: [TableCell.Justification] = [.left, .left, .right]
    var stops = [0.45, 0.80, 1.0]
    var length = 88
    if !facts.isChain {
      headers.append("Connected to")
      justifications.append(.left)
      stops = [0.3, 0.56, 0.74, 1.0]
      length = 108
    }
    if options.showTrainable {
      headers.append("Trainable")
      justifications.append(.center)
      stops = stops.map { $0 * 0.90 } + [1.0]
      length += 12
    }
    length = options.lineLength ?? min(length, options.terminalColumns - 4)
    var table = TextTable(
      cellWidths: try cellWidths(stops: stops, length: length), justifications: justifications,
      headers: headers)
    let rows = try options.listed(facts.rows)
    table.add(rows.flatMap { fields(of: $0, facts, options: options, level: 0) })
    return "Model: \"\(model.name)\"\n" + table.text
      + totals(facts.total, optimizerNumbers: options.optimizerNumbers)
  }

  /// Columns between borders: the stops share out the length, then the library shrinks them from
  /// the left until the borders fit too.
  private static func cellWidths(stops: [Double], length: Int) throws(SummaryError) -> [Int] {
    guard length <= 1_000_000 else { throw SummaryError("a line length of \(length) is too large") }
    var widths: [Int] = []
    var current = 0
    for stop in stops {
      let width = Int(stop * Double(length)) - current
      guard width >= 4 else {
        throw SummaryError("Insufficient console width to print summary.")
      }
      widths.append(width + 2)
      current += width
    }
    var excess = widths.reduce(0, +) + stops.count + 1 - length
    for index in widths.indices {
      let share = Double(excess) / Double(widths.count - index)
      let taken = min(widths[index], Int(share.rounded(.toNearestOrEven)))
      widths[index] -= taken
      excess -= taken
    }
    return widths
  }

  private static func fields(
    of row: SummaryRows.Row, _ facts: SummaryRows, options: SummaryOptions, level: Int
  ) -> [[String]] {
    let prefix = level > 0 ? String(repeating: "   ", count: level) + "└ " : ""
    var fields = [
      "\(prefix)\(row.name) (\(row.className))", shapeText(row.outputs),
      row.isBuilt ? row.parameters.total.grouped : "0 (unbuilt)",
    ]
    if !facts.isChain {
      let connections = level > 0 ? [] : row.connections
      let texts = connections.map { "\($0.name)[\($0.call)][\($0.output)]" }
      fields.append(texts.isEmpty ? "-" : texts.joined(separator: ", "))
    }
    if options.showTrainable {
      fields.append(!row.hasWeights ? "-" : row.trainable ? "Y" : "N")
    }
    guard options.expandNested else { return [fields] }
    return [fields]
      + row.inner.flatMap { self.fields(of: $0, facts, options: options, level: level + 1) }
  }

  /// `(None, 3)`, for several outputs `[(None, 7, 3), (None, 3)]`; a tuple of one has no comma.
  static func shapeText(_ outputs: [Shape]?) -> String {
    guard let outputs else { return "?" }
    let texts = outputs.map { shape in
      "(" + shape.sizes.map { $0.map(String.init) ?? "None" }.joined(separator: ", ") + ")"
    }
    return texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
  }

  private static func totals(
    _ total: SummaryRows.Parameters, optimizerNumbers: Count?
  ) -> String {
    let optimizer = optimizerNumbers ?? 0
    let all = total.total + optimizer
    var text = """
       Total params: \(all.grouped) (\(byteText(total.bytes + optimizer * 4)))
       Trainable params: \(total.trainable.grouped) (\(byteText(total.trainableBytes)))
       Non-trainable params: \(total.nonTrainable.grouped) (\(byteText(total.nonTrainableBytes)))

      """
    if optimizerNumbers != nil {
      text += " Optimizer params: \(optimizer.grouped) (\(byteText(optimizer * 4)))\n"
    }
    return text
  }

  /// Bytes with two decimals, in steps of 1024: `81.88 KB`.
  static func byteText(_ count: Count) -> String {
    let units = ["B", "KB", "MB", "GB", "TB", "PB"]
    var scale: Int128 = 1
    var unit = 0
    // Keras divides once more past the last unit and keeps its name.
    while unit < units.count, count.value / scale >= 1024 {
      scale *= 1024
      unit += 1
    }
    let (hundreds, overflow) = count.value.multipliedReportingOverflow(by: 100)
    guard !overflow else { return "over \(count.value / scale).00 PB" }
    var (rounded, rest) = hundreds.quotientAndRemainder(dividingBy: scale)
    if rest * 2 > scale || (rest * 2 == scale && rounded % 2 == 1) { rounded += 1 }
    let cents = String(rounded % 100)
    let name = units[min(unit, units.count - 1)]
    return "\(rounded / 100).\(cents.count < 2 ? "0" : "")\(cents) \(name)"
  }
}
