import Neural

/// What the axes of a weight mean: a matrix of rows and columns, as often as there are slices.
struct WeightAxes: Hashable {
  /// The sizes of the axes in front of the last two: of each there is a matrix.
  let slices: [Int]
  /// How many rows and columns the matrix has.
  let rows: Int, columns: Int
  /// What a row and a column is: `feature`, `unit`.
  var row: String, column: String
  /// What the position on the axes in front is.
  let slice = "position"
  /// The gates whose blocks stand beside each other along the columns; empty where there are none.
  var gates: [String] = []
  /// What the rows are called, where they have names of their own.
  var rowNames: [String] = []
  /// Whether the weight has one axis: its numbers are written line by line.
  private(set) var isVector = false

  /// The axes of a weight of these sizes in a layer.
  init(_ name: String, sizes: [Int], of layer: any Layer) {
    let cell = layer as? any RecurrentLayer
    let gates = cell.map { type(of: $0).gates } ?? []
    let isGated = gates.count > 1 && (sizes.last ?? 0) % max(gates.count, 1) == 0
    (row, column) = WeightAxes.names(name, of: layer)
    switch sizes.count {
    case 0:
      (slices, rows, columns) = ([], 1, 1)
      isVector = true
    case 1 where isGated:
      // A line for each gate: its units stand below those of the others.
      (slices, rows, columns) = ([], gates.count, sizes[0] / gates.count)
      (row, rowNames) = ("gate", gates)
    case 1:
      (slices, rows, columns) = ([], 1, sizes[0])
      isVector = true
    default:
      slices = Array(sizes.dropLast(2))
      (rows, columns) = (sizes[sizes.count - 2], sizes[sizes.count - 1])
      if isGated { self.gates = gates }
      if cell != nil, name == "bias" {
        (row, rowNames) = ("bias", ["input", "recurrent"])
      }
    }
  }

  private static func names(_ name: String, of layer: any Layer) -> (row: String, column: String) {
    if layer is any RecurrentLayer {
      return (name == "recurrent_kernel" ? "h₋₁" : "feature", "unit")
    }
    let kind = layer.className
    if kind == "Dense" { return ("feature", "unit") }
    if kind == "Embedding" { return ("token", "feature") }
    if kind.hasPrefix("DepthwiseConv") {
      return name == "bias" ? ("row", "channel") : ("channel", "multiplier")
    }
    if kind.hasPrefix("Conv"), kind.hasSuffix("Transpose"), name == "kernel" {
      return ("filter", "channel")
    }
    if kind.hasPrefix("Conv") || kind.hasPrefix("SeparableConv") {
      return ("channel", name == "depthwise_kernel" ? "multiplier" : "filter")
    }
    if kind.hasSuffix("Normalization") { return ("row", "feature") }
    return ("row", "column")
  }

  /// How many matrices there are.
  var sliceCount: Int { slices.reduce(1) { multiplied($0, $1) ?? .max } }

  /// How many numbers a matrix has.
  var count: Int { multiplied(rows, columns) ?? .max }

  /// How many columns the block of a gate has; all of them where there are no gates.
  var segment: Int { gates.isEmpty ? columns : columns / gates.count }

  /// How many blocks there are.
  var segments: Int { max(gates.count, 1) }

  /// The position of a slice on the axes in front of the matrix.
  func position(ofSlice slice: Int) -> [Int] {
    var rest = slice
    var position: [Int] = []
    for size in slices.reversed() where size > 0 {
      position.insert(rest % size, at: 0)
      rest /= size
    }
    return position
  }

  /// The indices of a number as they are written: `12, 57`.
  func indices(slice: Int, row: Int, column: Int) -> String {
    if isVector { return columns == 1 && rows == 1 ? "" : "\(column)" }
    if rowNames.count == rows, !rowNames.isEmpty, row < rows, self.row == "gate" {
      return "\(row * columns + column)"
    }
    return (position(ofSlice: slice) + [row, column]).map(String.init).joined(separator: ", ")
  }

  /// What a number is about, in words: `unit 7 of gate f`, `feature 12`.
  func meaning(slice: Int, row: Int, column: Int) -> [String] {
    var words: [String] = []
    let unit = gates.isEmpty ? column : column % max(segment, 1)
    var place = "\(self.column) \(unit)"
    if !gates.isEmpty, segment > 0 {
      place += " of gate \(gates[min(column / segment, gates.count - 1)])"
    }
    if self.row == "gate", row < rowNames.count { place += " of gate \(rowNames[row])" }
    words.append(place)
    if self.row == "bias", row < rowNames.count {
      words.append("\(rowNames[row]) bias")
    } else if self.row != "gate", !isVector {
      words.append("\(self.row) \(row)")
    }
    if !slices.isEmpty {
      let position = position(ofSlice: slice).map(String.init).joined(separator: ", ")
      words.append("\(self.slice) \(slices.count > 1 ? "(\(position))" : position)")
    }
    return words
  }

  /// A gate in words: `forget gate`.
  static func title(ofGate gate: String) -> String {
    // In Keras' kernels c of an LSTM and h of a GRU are the candidates.
    ["c", "h"].contains(gate) ? "candidate" : Quantity(rawValue: gate)?.title ?? gate
  }
}
