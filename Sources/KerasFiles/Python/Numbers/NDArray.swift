import Neural

/// A fault of array code: what Python would raise.
struct ArrayProblem: Error {
  let type: String
  let message: String
  let remedy: String

  init(_ type: String, _ message: String, remedy: String = "") {
    self.type = type
    self.message = message
    self.remedy = remedy
  }
}

/// The elements behind one or more arrays; of the three lists one is used.
final class ArrayStorage {
  var ints: [Int] = []
  var floats: [Double] = []
  var objects: [Value] = []

  init(ints: [Int]) { self.ints = ints }
  init(floats: [Double]) { self.floats = floats }
  init(objects: [Value]) { self.objects = objects }
}

/// An array with numbers, as NumPy's: a window on a storage that other arrays may share.
///
/// Element (i, j, …) stands at `offset` + i × `strides[0]` + j × `strides[1]` + … of the storage.
/// Whole numbers and truth values are kept as 64-bit integers, floats as 64-bit floats that hold
/// the rounded number where the type is narrower.
final class NDArray {
  let dtype: DType
  let storage: ArrayStorage
  private(set) var shape: [Int]
  private(set) var strides: [Int]
  let offset: Int

  /// A window on a storage.
  init(_ storage: ArrayStorage, _ dtype: DType, shape: [Int], strides: [Int], offset: Int) {
    self.storage = storage
    self.dtype = dtype
    self.shape = shape
    self.strides = strides
    self.offset = offset
  }

  /// An array of its own; the numbers are of the type already, in row-major order.
  convenience init(_ shape: [Int], floats: [Double], _ dtype: DType = .float64) {
    assert(floats.count == shape.reduce(1, *))
    self.init(
      ArrayStorage(floats: floats), dtype, shape: shape, strides: NDArray.strides(shape), offset: 0)
  }

  /// An array of its own; the numbers are of the type already, in row-major order.
  convenience init(_ shape: [Int], ints: [Int], _ dtype: DType = .int64) {
    assert(ints.count == shape.reduce(1, *))
    self.init(
      ArrayStorage(ints: ints), dtype, shape: shape, strides: NDArray.strides(shape), offset: 0)
  }

  /// An array of texts or of any Python values.
  convenience init(_ shape: [Int], objects: [Value], _ dtype: DType = .object) {
    self.init(
      ArrayStorage(objects: objects), dtype, shape: shape, strides: NDArray.strides(shape),
      offset: 0)
  }

  /// The numbers of a tensor: `float32`, or whole numbers where the type says so.
  convenience init(_ tensor: Tensor, dtype: DType = .float32) {
    if dtype.kind == .int {
      self.init(tensor.sizes, ints: tensor.values.map { dtype.integer(Double($0)) }, dtype)
    } else {
      self.init(tensor.sizes, floats: tensor.values.map { dtype.rounded(Double($0)) }, dtype)
    }
  }

  /// The numbers as 32-bit floats.
  ///
  /// - Throws: `ArrayProblem` where the elements are no numbers.
  func tensor() throws(ArrayProblem) -> Tensor {
    switch dtype.kind {
    case .int: return Tensor(shape, ints().map { Float($0) })
    case .float: return Tensor(shape, floats().map { Float($0) })
    case .object:
      return Tensor(shape, try doubles().map { Float($0) })
    }
  }

  /// The strides of row-major order.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = Array(repeating: 1, count: shape.count)
    for axis in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
    }
    return strides
  }

  var rank: Int { shape.count }
  /// How many elements there are.
  var count: Int { shape.reduce(1, *) }

  /// Whether the elements follow one another in row-major order.
  var isContiguous: Bool {
    var expected = 1
    for axis in stride(from: shape.count - 1, through: 0, by: -1) where shape[axis] != 1 {
      if strides[axis] != expected { return shape.contains(0) }
      expected *= shape[axis]
    }
    return true
  }

  /// `a.shape = …`: the same window with other axes.
  func reshapeInPlace(_ shape: [Int]) throws(ArrayProblem) {
    guard isContiguous else {
      throw ArrayProblem("AttributeError", "Incompatible shape for in-place modification")
    }
    self.shape = shape
    strides = NDArray.strides(shape)
  }

  /// An axis counted from either end.
  func axis(_ axis: Int) throws(ArrayProblem) -> Int { try NDArray.axis(axis, rank: rank) }

  static func axis(_ axis: Int, rank: Int) throws(ArrayProblem) -> Int {
    let index = axis < 0 ? axis + rank : axis
    guard (0..<rank).contains(index) else {
      throw ArrayProblem(
        "AxisError", "axis \(axis) is out of bounds for array of dimension \(rank)")
    }
    return index
  }

  /// A shape as Python writes it.
  static func text(_ shape: [Int]) -> String {
    shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ",")))"
  }
}
