import Neural
import Screen

/// Numbers of weights as the inspector and the map write them.
enum WeightText {
  /// A number in at most 7 columns: `−0.0312`, `2e−12`.
  static func number(_ value: Double) -> String {
    // Beside numbers such as 0.1446 small ones are read with as many decimals.
    let isPlain = value.magnitude >= 0.000_05 && value.magnitude < 1
    let text = isPlain ? NumberText.fixed(value, 4) : NumberText.short(value)
    return displayWidth(of: text) <= 7 ? text : NumberText.scientific(value, 0)
  }

  /// A number with as many digits as tell it from its neighbours: `−0.031249877`.
  static func exact(_ value: Float) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "−∞" : "∞" }
    let text = "\(value)".map { $0 == "-" ? "−" : $0 }
    return String(text).hasSuffix(".0") ? String(text.dropLast(2)) : String(text)
  }

  /// Sizes as Keras writes a shape: `(20, 200)`, `(200,)`.
  static func sizes(_ sizes: [Int]) -> String {
    "(" + sizes.map(String.init).joined(separator: ", ") + (sizes.count == 1 ? ",)" : ")")
  }

  /// `min −0.1530  max 0.1530  mean 0.0004  std 0.0883`.
  static func numbers(_ summary: Histogram) -> StyledText {
    var text = StyledText()
    for (index, (name, value)) in pairs(summary).enumerated() {
      text.append((index > 0 ? "  " : "") + name + " ", .muted)
      text.append(number(value))
    }
    guard let problem = problem(summary) else { return text }
    let said = StyledText(problem, Style(.error, bold: true))
    return summary.count == 0 ? said : text + StyledText("  ") + said
  }

  /// What is said of numbers, a name and a number each.
  static func pairs(_ summary: Histogram) -> [(name: String, value: Double)] {
    guard summary.count > 0 else { return [] }
    return [
      ("min", summary.least), ("max", summary.most), ("mean", summary.mean),
      ("std", summary.deviation),
    ]
  }

  /// How many are no numbers: `3 not a number, 1 infinite`; `nil` where all are.
  static func problem(_ summary: Histogram) -> String? {
    var parts: [String] = []
    let nan = summary.notNumbers - summary.infinite
    if nan > 0 { parts.append("\(nan.grouped) not a number") }
    if summary.infinite > 0 { parts.append("\(summary.infinite.grouped) infinite") }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

extension State {
  /// Where the numbers of a layer's weights come from, in words.
  func sourceOfNumbers(_ layer: LayerID) -> String {
    guard let numbers = document.numbers(of: layer) else { return "" }
    guard case .memory(let weights) = numbers else { return "from the file" }
    if document.isTrained(layer) { return "trained" }
    // A run has read the file, where that has weights of these sizes.
    let isOfFile = document.stored?.sizes(of: layer) == weights.tensors.map(\.sizes)
    return isOfFile ? "from the file" : "first values"
  }
}
