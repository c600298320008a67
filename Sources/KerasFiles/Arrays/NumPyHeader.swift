import Neural

/// What stands before the numbers of a `.npy` array: their type, order and shape.
///
/// Source: "NPY format", `numpy/lib/_format_impl.py`: a magic text, a version, the length of the
/// header, and a Python dictionary; versions 1.0, 2.0 and 3.0.
struct NumPyHeader: Hashable, Sendable {
  var type: NumPyType
  /// Whether the first axis is the contiguous one.
  var isFortranOrder: Bool
  /// The size of each axis.
  var sizes: [Int]
  /// How many numbers there are.
  var count: Int
  /// The bytes before the first number.
  var length: Int

  static let magic = [0x93] + Array("NUMPY".utf8)

  /// Reads the header at the start of an array.
  ///
  /// - Throws: `ArrayFault` where there is none, or it does not describe numbers.
  init(_ bytes: [UInt8]) throws(ArrayFault) {
    let dictionary = try NumPyHeader.text(bytes)
    length = dictionary.endIndex
    guard case .dictionary(let members) = try HeaderLiteralReader.read(dictionary),
      Set(members.keys) == ["descr", "fortran_order", "shape"], let description = members["descr"],
      case .boolean(let isFortranOrder)? = members["fortran_order"],
      case .sequence(let shape)? = members["shape"]
    else {
      throw ArrayFault(
        "has a damaged header: expected descr, fortran_order and shape",
        remedy: "write the file anew with numpy.save(path, x)")
    }
    type = try NumPyType(description)
    self.isFortranOrder = isFortranOrder
    guard shape.count <= 64 else {
      throw ArrayFault("has \(shape.count) axes, more than the 64 that NumPy has")
    }
    sizes = []
    for size in shape {
      guard case .integer(let size) = size, size >= 0 else {
        throw ArrayFault("has a damaged header: a size of its shape is no whole number from 0")
      }
      sizes.append(size)
    }
    count = try NumPyHeader.count(of: sizes, bytesEach: type.size)
  }

  /// How many numbers a shape holds.
  private static func count(of sizes: [Int], bytesEach: Int) throws(ArrayFault) -> Int {
    // An axis of size 0 hides no product that leaves 64 bits.
    var product = bytesEach
    for size in sizes where size > 0 {
      guard let next = multiplied(product, size), next <= largestSize else {
        throw ArrayFault(
          "says its shape is \(Shape(sizes: sizes)), more than any file holds",
          remedy: "the file is damaged: write it anew with numpy.save(path, x)")
      }
      product = next
    }
    return sizes.contains(0) ? 0 : product / bytesEach
  }

  /// The bytes of the dictionary.
  private static func text(_ bytes: [UInt8]) throws(ArrayFault) -> ArraySlice<UInt8> {
    guard bytes.starts(with: magic) else { throw notNumPy(bytes) }
    guard bytes.count >= 10 else { throw cutShort(bytes.count, expected: 10) }
    let (major, minor) = (bytes[6], bytes[7])
    guard (1...3).contains(major), minor == 0 else {
      throw ArrayFault(
        "is written in version \(major).\(minor) of NumPy's format, known are 1.0, 2.0 and 3.0",
        remedy: "write it anew with numpy.save(path, x)")
    }
    let start = major == 1 ? 10 : 12
    guard bytes.count >= start else { throw cutShort(bytes.count, expected: start) }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - start else {
      throw cutShort(bytes.count, expected: start + length)
    }
    // A header of numbers takes some hundred bytes; NumPy itself distrusts more than 10,000.
    guard length <= 1 << 16 else {
      throw ArrayFault("has a header of \(length.grouped) bytes, too long for an array of numbers")
    }
    return bytes[start..<(start + length)]
  }

  private static func cutShort(_ found: Int, expected: Int) -> ArrayFault {
    ArrayFault(
      "is cut short: \(found.grouped) bytes, its header alone says \(expected.grouped)",
      remedy: "copy it again, or write it anew with numpy.save(path, x)")
  }

  private static func notNumPy(_ bytes: [UInt8]) -> ArrayFault {
    let remedy = "numpy.save(path, x) writes one"
    if bytes.isEmpty { return ArrayFault("is empty, expected a NumPy array", remedy: remedy) }
    if bytes.starts(with: Array("PK".utf8)) {
      return ArrayFault("is a zip archive, not a .npy array", remedy: "end its name in .npz")
    }
    if bytes.starts(with: [0x80]) {
      return ArrayFault(
        "is a Python pickle, which cannot be read without executing it", remedy: remedy)
    }
    return ArrayFault("is no NumPy array: it does not begin with \\x93NUMPY", remedy: remedy)
  }
}
