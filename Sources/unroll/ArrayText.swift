import Neural

/// An array as text, as NumPy prints it: nested brackets, a row of the last axis on a line.
///
/// Numbers have the fewest digits that read back as the same 32-bit float.
struct ArrayText {
  let tensor: Tensor
  /// How many entries at each end of an axis are shown of a long array; `nil`: all are.
  let edge: Int?
  /// Columns after which a row goes on in the next line; `nil`: never.
  let lineLength: Int?
  private let width: Int

  /// NumPy shows all of 1000 numbers, of more only the ends.
  private static let mostShown = 1000

  /// - Parameters:
  ///   - tensor: the array.
  ///   - columns: the columns of the terminal that shows it; `nil` where a program reads it, so
  ///     that nothing is left out.
  init(_ tensor: Tensor, columns: Int?) {
    self.tensor = tensor
    lineLength = columns
    edge = columns != nil && tensor.count > Self.mostShown ? 3 : nil
    var width = 1
    ArrayText.visit(tensor, edge: edge) { width = max(width, $0.description.utf8.count) }
    self.width = width
  }

  /// Writes the text, with a line break at its end.
  ///
  /// - Throws: `Failure` where it cannot be written.
  func write(to output: inout StandardOutput) throws(Failure) {
    try write(axis: 0, from: 0, stride: tensor.count, to: &output)
    try output.write("\n")
  }

  private func write(
    axis: Int, from: Int, stride: Int, to output: inout StandardOutput
  ) throws(Failure) {
    guard axis < tensor.rank else {
      try output.write(tensor.values[from].description)
      return
    }
    let size = tensor.sizes[axis]
    let each = size == 0 ? 0 : stride / size
    if axis == tensor.rank - 1 {
      try output.write(row(from: from, size: size, indent: axis + 1))
      return
    }
    try output.write("[")
    let gap =
      String(repeating: "\n", count: tensor.rank - 1 - axis)
      + String(repeating: " ", count: axis + 1)
    var isFirst = true
    for index in ArrayText.shown(size, edge: edge) {
      if !isFirst { try output.write(gap) }
      isFirst = false
      if let index {
        try write(axis: axis + 1, from: from + index * each, stride: each, to: &output)
      } else {
        try output.write("...")
      }
    }
    try output.write("]")
  }

  private func row(from: Int, size: Int, indent: Int) -> String {
    var text = "["
    var column = indent
    for (place, index) in ArrayText.shown(size, edge: edge).enumerated() {
      let word = index.map { tensor.values[from + $0].description } ?? "..."
      let padding = index == nil ? 0 : width - word.utf8.count
      if place > 0 {
        let next = column + 1 + padding + word.utf8.count
        if let lineLength, next >= lineLength {
          text += "\n" + String(repeating: " ", count: indent)
          column = indent
        } else {
          text += " "
          column += 1
        }
      }
      text += String(repeating: " ", count: padding) + word
      column += padding + word.utf8.count
    }
    return text + "]"
  }

  /// The positions of an axis that are shown; `nil` stands for those that are left out.
  private static func shown(_ size: Int, edge: Int?) -> [Int?] {
    guard let edge, size > 2 * edge else { return (0..<size).map { $0 } }
    return (0..<edge).map { $0 } + [nil] + ((size - edge)..<size).map { $0 }
  }

  private static func visit(_ tensor: Tensor, edge: Int?, _ use: (Float) -> Void) {
    func walk(_ axis: Int, _ from: Int, _ stride: Int) {
      guard axis < tensor.rank else { return use(tensor.values[from]) }
      let size = tensor.sizes[axis]
      for case let index? in shown(size, edge: edge) {
        walk(axis + 1, from + index * (stride / size), stride / size)
      }
    }
    walk(0, 0, tensor.count)
  }
}
