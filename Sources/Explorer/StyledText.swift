import Neural
import Screen

/// A line of text in several styles.
struct StyledText {
  /// A stretch of one style.
  struct Run {
    var text: String
    var style: Style
  }

  var runs: [Run] = []

  init() {}

  init(_ text: String, _ style: Style = .plain) {
    runs = [Run(text: text, style: style)]
  }

  /// Columns on the screen.
  var width: Int { runs.reduce(0) { $0 + displayWidth(of: $1.text) } }

  /// The characters.
  var text: String { runs.map(\.text).joined() }

  mutating func append(_ text: String, _ style: Style = .plain) {
    runs.append(Run(text: text, style: style))
  }

  static func + (lhs: StyledText, rhs: StyledText) -> StyledText {
    var result = lhs
    result.runs += rhs.runs
    return result
  }
}

extension Canvas {
  /// Writes a styled line; what does not fit ends in `…`.
  ///
  /// - Returns: the columns used.
  @discardableResult
  mutating func write(_ text: StyledText, at point: Point, maxWidth: Int) -> Int {
    var used = 0
    for (index, run) in text.runs.enumerated() {
      let left = maxWidth - used
      guard left > 0 else { break }
      let isLast = index == text.runs.count - 1
      let runWidth = displayWidth(of: run.text)
      // A run that just fits is cut all the same when more follows that does not.
      let isCut = !isLast && runWidth == left && text.width > used + runWidth
      used += write(
        isCut ? run.text + "…" : run.text, at: Point(x: point.x + used, y: point.y),
        style: run.style, maxWidth: left)
    }
    return used
  }
}

extension AxisRole {
  /// The colour of the axis, the same on every screen.
  var color: Color? {
    switch self {
    case .batch: .batch
    case .time: .time
    case .features: .features
    case .height: .height
    case .width: .width
    case .channels: .channels
    case .other: nil
    }
  }
}

extension Part.Origin {
  /// The colour of the part: directions have their own, other inputs take turns.
  var color: Color {
    switch self {
    case .forward: .forward
    case .backward: .backward
    case .input(let index): [Color.features, .channels, .height, .width][index % 4]
    }
  }

  /// The arrow of a direction.
  var arrow: String {
    switch self {
    case .forward: "→"
    case .backward: "←"
    case .input: ""
    }
  }
}

extension Shape {
  /// The shape as Keras writes it, each axis in its colour.
  var styled: StyledText {
    var text = StyledText("(", .muted)
    for (index, axis) in axes.enumerated() {
      if index > 0 { text.append(", ", .muted) }
      text.append(axis.size.map(String.init) ?? "None", Style(axis.role.color))
    }
    text.append(axes.count == 1 ? ",)" : ")", .muted)
    return text
  }

  /// The shape with the letters of its axes: `B 32 · T 128 · F 100`, or without the dots where
  /// that does not fit in `width` columns.
  func lettered(width: Int = .max) -> StyledText {
    let wide = lettered(separator: " · ", space: " ")
    return wide.width <= width ? wide : lettered(separator: " ", space: " ")
  }

  private func lettered(separator: String, space: String) -> StyledText {
    var text = StyledText()
    for (index, axis) in axes.enumerated() {
      if index > 0 { text.append(separator, .muted) }
      text.append("\(axis.role.letter)\(space)", Style(axis.role.color, bold: true))
      text.append(axis.size.map(String.init) ?? "None", Style(axis.role.color))
    }
    return text
  }

  /// The parts of the last axis, `50→ 50←`; its size where it has no parts.
  var styledFeatures: StyledText {
    guard let last = axes.last, axes.count > 1 else { return StyledText() }
    guard !last.parts.isEmpty else {
      guard last.role == .features || last.role == .channels else { return StyledText() }
      return StyledText(last.size.map(String.init) ?? "None", Style(last.role.color))
    }
    var text = StyledText()
    for (index, part) in last.parts.enumerated() {
      if index > 0 { text.append(" ") }
      let size = part.size.map(String.init) ?? "None"
      text.append(size + part.origin.arrow, Style(part.origin.color))
    }
    return text
  }
}

extension NamedLayer {
  /// The layer for a list: its name, and its class where the name does not say it.
  func label(in model: Model) -> String {
    if let wrapper = layer as? any WrapperLayer {
      return "\(name) · \(wrapper.innermostClass)"
    }
    return model.isAutomatic(self) || layer is InputLayer ? name : "\(name) · \(className)"
  }
}

extension WrapperLayer {
  /// The class that the wrapper is about: through wrappers in wrappers.
  var innermostClass: String {
    (inner.layer as? any WrapperLayer)?.innermostClass ?? inner.className
  }
}
