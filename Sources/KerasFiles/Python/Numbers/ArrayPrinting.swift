import Neural

/// How arrays are printed: `numpy.set_printoptions`.
struct PrintOptions {
  var precision = 8
  var suppressesSmall = false
  var lineWidth = 75
  /// Arrays of more elements are printed with their middle left out.
  var threshold = 1000
  var edgeItems = 3
  /// Whether every float gets `precision` digits.
  var isFixed = false
}

/// An array as NumPy prints it.
struct ArrayPrinter {
  let array: NDArray
  let options: PrintOptions
  /// Between elements: a blank for `str`, a comma and a blank for `repr`.
  let separator: String
  private let isSummary: Bool
  private let format: (Value) -> String

  /// A printer of an array.
  ///
  /// `describe` tells what containers show of an element that is no number.
  init(
    _ array: NDArray, _ options: PrintOptions, separator: String = " ",
    describe: @escaping (Value) -> String
  ) {
    self.array = array
    self.options = options
    self.separator = separator
    isSummary = array.count > options.threshold
    let shown = isSummary ? ArrayPrinter.corners(of: array, options.edgeItems) : array
    format = ArrayPrinter.format(of: shown, options, describe)
  }

  /// What `str()` makes of an array.
  static func string(
    _ array: NDArray, _ options: PrintOptions, describe: @escaping (Value) -> String
  ) -> String {
    ArrayPrinter(array, options, describe: describe).text(prefix: "")
  }

  /// What `repr()` makes of an array.
  static func representation(
    _ array: NDArray, _ options: PrintOptions, describe: @escaping (Value) -> String
  ) -> String {
    let prefix = "array("
    let printer = ArrayPrinter(array, options, separator: ", ", describe: describe)
    let body =
      array.count == 0 && array.rank == 1 ? "[]" : printer.text(prefix: prefix)
    var extras: [String] = []
    if array.count == 0 && array.shape != [0] || array.count > options.threshold {
      extras.append("shape=\(shapeText(array.shape))")
    }
    let isImplied = [.float64, .int64, .bool].contains(array.dtype)
    if !isImplied || array.count == 0 {
      extras.append(
        "dtype=" + (array.dtype == .string ? "'\(array.stringTypeName)'" : array.dtype.name))
    }
    guard !extras.isEmpty else { return prefix + body + ")" }
    let text = prefix + body + ","
    let extra = extras.joined(separator: ", ") + ")"
    let last = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    let isLong = last.count + extra.count + 1 > options.lineWidth
    return text + (isLong ? "\n" + String(repeating: " ", count: prefix.count) : " ") + extra
  }

  static func shapeText(_ shape: [Int]) -> String {
    shape.count == 1
      ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
  }

  /// The array in its brackets, what follows a line break indented behind `prefix`.
  func text(prefix: String) -> String {
    guard array.count > 0 else { return array.rank == 0 ? "" : "[]" }
    if array.rank == 0 { return format(array.element(at: array.offset)) }
    let indent = String(repeating: " ", count: prefix.count + 1)
    return text(axis: 0, at: array.offset, indent: indent, width: options.lineWidth)
  }

  private func text(axis: Int, at place: Int, indent: String, width: Int) -> String {
    guard axis < array.rank else { return format(array.element(at: place)) }
    let size = array.shape[axis]
    let isCut = isSummary && size > 2 * options.edgeItems
    let leading = isCut ? options.edgeItems : 0
    let trailing = isCut ? options.edgeItems : size
    func item(_ index: Int) -> String {
      text(
        axis: axis + 1, at: place + index * array.strides[axis], indent: indent + " ",
        width: width - 1)
    }
    let shown = Array(0..<leading) + [-1] + Array((size - trailing)..<size)
    let parts = shown.compactMap { $0 < 0 ? (isCut ? "..." : nil) : item($0) }
    if axis == array.rank - 1 { return "[" + line(parts, indent, width: width) + "]" }
    let separators =
      trimmed(separator) + String(repeating: "\n", count: array.rank - axis - 1) + indent
    return "[" + parts.joined(separator: separators) + "]"
  }

  /// One row, broken where it is wider than the line.
  private func line(_ words: [String], _ indent: String, width: Int) -> String {
    let limit = width - max(trimmed(separator).count, 1)
    var finished = ""
    var line = indent
    for (index, word) in words.enumerated() {
      if line.count + word.count > limit, line.count > indent.count {
        finished += trimmed(line) + "\n"
        line = indent
      }
      line += word
      if index < words.count - 1 { line += separator }
    }
    return String((finished + line).dropFirst(indent.count))
  }

  private func trimmed(_ text: String) -> String {
    var text = text
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }

  // MARK: Elements

  /// What is printed of a large array.
  private static func corners(of array: NDArray, _ edge: Int) -> NDArray {
    var result = array
    for axis in 0..<array.rank where result.shape[axis] > 2 * edge {
      let size = result.shape[axis]
      let places = Array(0..<edge) + Array((size - edge)..<size)
      result = result.taking(places, axis: axis)
    }
    return result
  }

  private static func format(
    of array: NDArray, _ options: PrintOptions, _ describe: @escaping (Value) -> String
  ) -> (Value) -> String {
    switch array.dtype.kind {
    case .object: return describe
    case .float:
      let format = FloatColumn(array.floats(), array.dtype, options)
      return { format.text($0.doubleValue ?? 0) }
    case .int:
      if array.dtype == .bool {
        let isSingle = array.rank == 0
        return { $0.intValue != 0 ? (isSingle ? "True" : " True") : "False" }
      }
      let numbers = array.ints()
      func shown(_ number: Int) -> String {
        array.dtype == .uint64 ? String(UInt(bitPattern: number)) : String(number)
      }
      let width = max(
        numbers.max().map { shown($0).count } ?? 0, numbers.min().map { shown($0).count } ?? 0)
      return { value in
        let text = shown(value.intValue ?? 0)
        return String(repeating: " ", count: max(0, width - text.count)) + text
      }
    }
  }
}

/// The common form of all floats of an array: as many digits as the longest needs.
private struct FloatColumn {
  private let type: DType
  private let isScientific: Bool
  private let isPadded: Bool
  /// Columns before the point.
  private var left = 0
  /// Columns behind the point.
  private var right = 0
  private var places: Int
  private var exponentDigits = 0

  init(_ numbers: [Double], _ type: DType, _ options: PrintOptions) {
    self.type = type
    places = options.precision
    let finite = numbers.filter(\.isFinite)
    let sizes = finite.filter { $0 != 0 }.map(\.magnitude)
    let largest = sizes.max() ?? 0
    let least = sizes.min() ?? 1
    let cutoff = type == .float64 ? 1e8 : type == .float32 ? 1e6 : 1e3
    isScientific =
      !sizes.isEmpty
      && (largest >= cutoff
        || !options.suppressesSmall && (least < 0.0001 || type.rounded(largest / least) > 1000))
    isPadded = isScientific || options.isFixed
    if isScientific {
      let parts = finite.map { FloatText.scientific($0, type, places: options.precision) }
      places = options.isFixed ? options.precision : parts.map(\.fraction.count).max() ?? 0
      left = parts.map(\.whole.count).max() ?? 0
      exponentDigits = parts.map { max(2, String($0.exponent.magnitude).count) }.max() ?? 2
      right = exponentDigits + 2 + places
    } else {
      let parts = finite.map { FloatText.positional($0, type, places: options.precision) }
      left = parts.map(\.whole.count).max() ?? 0
      right = options.isFixed ? options.precision : parts.map(\.fraction.count).max() ?? 0
    }
    if finite.count < numbers.count {
      let hasNegative = numbers.contains(-.infinity)
      left = max(left, 3 - (right + 1), 3 + (hasNegative ? 1 : 0) - (right + 1))
    }
  }

  func text(_ number: Double) -> String {
    guard number.isFinite else {
      let name = number.isNaN ? "nan" : number < 0 ? "-inf" : "inf"
      return padded(name, left + right + 1)
    }
    if isScientific {
      let part = FloatText.scientific(number, type, places: places)
      let zeros = String(repeating: "0", count: max(0, places - part.fraction.count))
      return padded(part.whole, left) + "." + part.fraction + zeros
        + FloatText.exponentText(part.exponent, digits: exponentDigits)
    }
    let part = FloatText.positional(number, type, places: places)
    let missing = max(0, right - part.fraction.count)
    return padded(part.whole, left) + "." + part.fraction
      + String(repeating: isPadded ? "0" : " ", count: missing)
  }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

extension NDArray {
  /// The type of an array of texts: `<U5`.
  var stringTypeName: String {
    "<U\(Swift.max(objects().compactMap { $0.stringValue?.unicodeScalars.count }.max() ?? 1, 1))"
  }
}
