import Neural
import Screen

/// One unit of one direction at one timestep: its gates, and how its state follows from them.
struct GateInspector {
  let direction: DirectionRecording
  let t: Int
  let unit: Int
  let sample: Int
  /// Whether the mask counts this timestep.
  let counts: Bool
  /// Whether there is room for what each gate is the function of.
  var showsSums = false

  /// `forward · t = 7 · unit 12`, or the class where there is one direction.
  func title(isBidirectional: Bool) -> StyledText {
    let name =
      isBidirectional || direction.isBackward
      ? (direction.isBackward ? "backward" : "forward") : direction.layer.className
    var title = StyledText(name, Style(color, bold: true))
    title.append(" · t = \(t) · unit \(unit)", Style(bold: true))
    return title
  }

  var color: Color { direction.isBackward ? .backward : .forward }

  /// Everything, in lines of at most `width` columns.
  func lines(width: Int) -> [StyledText] {
    guard direction.covers(t) else {
      return [StyledText("computing this timestep again: the run is too long to keep all", .muted)]
    }
    guard counts else { return skippedLines(width: width) }
    return gateLines(width: width) + Equation.lines(equations, width: width) + [startLine]
  }

  private func value(_ quantity: Quantity) -> Float {
    direction.value(quantity, t: t, unit: unit, sample: sample) ?? .nan
  }

  private func previous(_ quantity: Quantity) -> Float {
    direction.previous(quantity, t: t, unit: unit, sample: sample) ?? .nan
  }

  // MARK: Gates

  /// What stands with a bar, in the order of the drawing: two beside each other.
  private var bars: [Quantity] {
    let order: [Quantity] = [
      .inputGate, .candidate, .forgetGate, .outputGate, .updateGate, .resetGate,
    ]
    let known = order.filter { direction.quantities.contains($0) }
    return known.contains(.updateGate) ? [.updateGate, .resetGate, .candidate] : known
  }

  private func gateLines(width: Int) -> [StyledText] {
    let half = width / 2
    var lines: [StyledText] = []
    for row in stride(from: 0, to: bars.count, by: 2) {
      var line = gate(bars[row], width: half)
      if row + 1 < bars.count {
        line.append(String(repeating: " ", count: max(half - line.width, 1)))
        line = line + gate(bars[row + 1], width: half)
      }
      lines.append(line)
    }
    return lines
  }

  private func gate(_ quantity: Quantity, width: Int) -> StyledText {
    let value = value(quantity)
    var text = StyledText(pad(quantity.title, to: 12) + " ", .muted)
    text.append(quantity.rawValue, Style(bold: true))
    text.append(" " + pad(decimals(value), to: 7, alignment: .right), valueStyle(value))
    text.append(" " + bar(value, width: min(width - 24, 10)), Style(color))
    return text
  }

  /// Ten blocks for 1; low ones where the number is negative.
  private func bar(_ value: Float, width: Int) -> String {
    guard width > 0, value.isFinite else { return "" }
    let length = Int((min(value.magnitude, 1) * Float(width)).rounded())
    return String(repeating: value < 0 ? "▃" : "▇", count: length)
  }

  private func valueStyle(_ value: Float) -> Style {
    value.isFinite ? .plain : Style(.error, bold: true)
  }

  // MARK: The arithmetic

  private var equations: [Equation] {
    switch direction.layer {
    case let layer as LSTM:
      (showsSums ? [.inputGate, .forgetGate, .candidate, .outputGate].map(sum) : []) + lstm(layer)
    case let layer as GRU:
      (showsSums ? [.updateGate, .resetGate].map(sum) : []) + gru(layer)
    default: [sum(of: .hiddenState)]
    }
  }

  /// A gate as the function of its three parts: `i = sigmoid(x·W + h₋₁·U + b) = …`.
  private func sum(of quantity: Quantity) -> Equation {
    let isGate = ![.candidate, .hiddenState].contains(quantity)
    let function = isGate ? gateFunction : activationName
    var inside = "x·W + h₋₁·U\(bias)"
    if quantity == .candidate, let gru = direction.layer as? GRU {
      inside = gru.resetAfter ? "x·W + r·(h₋₁·U\(bias))\(bias)" : "x·W + (r·h₋₁)·U\(bias)"
    }
    var equation = Equation(
      name: quantity.rawValue, formula: "\(function)(\(inside))", result: value(quantity))
    if let sums = direction.sums(for: quantity, t: t, unit: unit, sample: sample) {
      let bias = direction.layer.options.useBias ? " + \(decimals(sums.bias))" : ""
      equation.terms =
        "\(function)(\(decimals(sums.input)) + \(decimals(sums.recurrent))\(bias))"
    }
    return equation
  }

  /// What stands for the function of the gates in a formula.
  private var gateFunction: String {
    switch direction.layer {
    case let layer as LSTM: layer.recurrentActivation.name ?? "f"
    case let layer as GRU: layer.recurrentActivation.name ?? "f"
    default: activationName
    }
  }

  private func lstm(_ layer: LSTM) -> [Equation] {
    let (i, f, g, o) = (
      value(.inputGate), value(.forgetGate), value(.candidate), value(.outputGate)
    )
    let (c, h, before) = (value(.cellState), value(.hiddenState), previous(.cellState))
    let name = activationName
    var cell = Equation(name: "c", formula: "f·c₋₁ + i·g", result: c)
    cell.terms = "\(decimals(f)) × \(decimals(before)) + \(decimals(i)) × \(decimals(g))"
    let isLinear = name == "linear"
    var hidden = Equation(name: "h", formula: isLinear ? "o·c" : "o·\(name)(c)", result: h)
    hidden.terms = "\(decimals(o)) × \(decimals(isLinear ? c : activated(.cellState)))"
    return [cell, hidden]
  }

  private func gru(_ layer: GRU) -> [Equation] {
    let (z, g, h) = (value(.updateGate), value(.candidate), value(.hiddenState))
    let before = previous(.hiddenState)
    var state = Equation(name: "h", formula: "z·h₋₁ + (1 − z)·g", result: h)
    state.terms = "\(decimals(z)) × \(decimals(before)) + \(decimals(1 - z)) × \(decimals(g))"
    return [sum(of: .candidate), state]
  }

  private var bias: String { direction.layer.options.useBias ? " + b" : "" }

  /// What stands for the function in a formula.
  private var activationName: String { direction.layer.options.activation.name ?? "f" }

  /// The layer's function of a quantity.
  private func activated(_ quantity: Quantity) -> Float {
    let activation = direction.layer.options.activation
    // Functions such as softmax look at all units.
    let looksAtRow = ["softmax", "log_softmax", "sparsemax", "glu"].contains(activation.name)
    let row =
      looksAtRow
      ? (0..<direction.units).map {
        direction.value(quantity, t: t, unit: $0, sample: sample) ?? .nan
      } : [value(quantity)]
    let result = try? activation(Tensor([1, row.count], row))
    let index = looksAtRow ? unit : 0
    return result.flatMap { index < $0.count ? $0.values[index] : nil } ?? .nan
  }

  /// The states that the timestep starts from: of the one before, or the initial ones.
  private var startLine: StyledText {
    let states = [Quantity.cellState, .hiddenState].filter { direction.quantities.contains($0) }
    var line = StyledText()
    if direction.position(of: t) > 0 {
      line.append("from t = \(direction.isBackward ? t + 1 : t - 1)", .muted)
    } else {
      let isZero = direction.initialStates.allSatisfy { $0.values.allSatisfy { $0 == 0 } }
      line.append("the first step, from the initial state\(isZero ? "" : " it was given")", .muted)
    }
    for state in states {
      line.append("   \(state.rawValue)₋₁ = ", .muted)
      line.append(decimals(previous(state)), valueStyle(previous(state)))
    }
    return line
  }

  /// As many lines as for any other timestep: what stands below keeps its place.
  private func skippedLines(width: Int) -> [StyledText] {
    let states = [Quantity.cellState, .hiddenState].filter { direction.quantities.contains($0) }
    let equations = states.map { state in
      Equation(name: state.rawValue, formula: "\(state.rawValue)₋₁", result: value(state))
    }
    var lines = wrapped(
      "skipped: the mask is 0 here, the state is carried over", width, Style(.warning, bold: true))
    lines += Equation.lines(equations, width: width) + [startLine]
    let usual = (bars.count + 1) / 2 + self.equations.count + 1
    return lines + Array(repeating: StyledText(), count: max(usual - lines.count, 0))
  }
}

/// `c = f·c₋₁ + i·g = 0.8812 × 0.4013 + 0.6204 × −0.3122 = 0.1599`.
struct Equation {
  var name: String
  var formula: String
  /// The formula with its numbers.
  var terms = ""
  var result: Float

  /// Equations below each other, on a narrow screen without their letters.
  static func lines(_ equations: [Equation], width: Int) -> [StyledText] {
    // Results of formulas stand below each other, where all of them have numbers to compute with.
    let isAligned = equations.allSatisfy { !$0.terms.isEmpty }
    let formula = isAligned ? equations.map { displayWidth(of: $0.formula) }.max() ?? 0 : 0
    let full = equations.map { $0.text(formulaWidth: formula) }
    return zip(equations, full).map { equation, line in
      if line.width <= width || equation.terms.isEmpty { return line }
      let tight = equation.text(formulaWidth: 0)
      return tight.width <= width ? tight : equation.text(formulaWidth: nil)
    }
  }

  /// The equation; without its formula where `formulaWidth` is `nil`.
  private func text(formulaWidth: Int?) -> StyledText {
    var text = StyledText(name, Style(bold: true))
    text.append(" = ", .muted)
    if let formulaWidth {
      text.append(pad(formula, to: max(formulaWidth, displayWidth(of: formula))))
      text.append(" = ", .muted)
    }
    if !terms.isEmpty {
      text.append(terms)
      text.append(" = ", .muted)
    }
    text.append(
      decimals(result), result.isFinite ? Style(bold: true) : Style(.error, bold: true))
    return text
  }
}
