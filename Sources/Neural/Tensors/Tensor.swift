/// Numbers in an array of any rank: 32-bit floats, row-major, the last axis contiguous.
///
/// Indices and truth values are numbers too: whole ones, and 0 or 1. A mask is a tensor of
/// 0 and 1.
public struct Tensor: Hashable, Sendable {
  /// The size of each axis, outermost first; none for a single number.
  public let sizes: [Int]
  /// The numbers; as many as the product of `sizes`.
  public var values: [Float] {
    // Without `oldValue`, so that numbers change in place.
    didSet {
      precondition(values.count == sizes.reduce(1, *), "a tensor keeps its count of numbers")
    }
  }

  /// Numbers in row-major order.
  ///
  /// - Precondition: `values` has as many numbers as the product of `sizes`.
  public init(_ sizes: [Int], _ values: [Float]) {
    precondition(sizes.reduce(1, *) == values.count, "\(sizes) does not hold \(values.count)")
    self.sizes = sizes
    self.values = values
  }

  /// The same number everywhere.
  public init(_ sizes: [Int], repeating value: Float = 0) {
    self.sizes = sizes
    values = Array(repeating: value, count: sizes.reduce(1, *))
  }

  /// Numbers that `fill` writes: every one of them.
  public init(
    _ sizes: [Int], filledBy fill: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    let count = sizes.reduce(1, *)
    self.sizes = sizes
    values = try Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initialized = count
    }
  }

  /// How many axes there are.
  public var rank: Int { sizes.count }
  /// How many numbers there are.
  public var count: Int { values.count }

  /// The shape, its axes named as for any tensor of this rank.
  public var shape: Shape { Shape(sizes: sizes) }

  /// The number at these indices, one for each axis.
  public subscript(indices: Int...) -> Float {
    get { values[offset(indices)] }
    set { values[offset(indices)] = newValue }
  }

  private func offset(_ indices: [Int]) -> Int {
    precondition(indices.count == sizes.count, "\(indices) in a tensor of \(sizes)")
    var offset = 0
    for (index, size) in zip(indices, sizes) {
      precondition(index >= 0 && index < size, "\(indices) in a tensor of \(sizes)")
      offset = offset * size + index
    }
    return offset
  }

  /// The same numbers under other sizes.
  ///
  /// - Precondition: the products of the sizes are equal.
  public func reshaped(_ sizes: [Int]) -> Tensor { Tensor(sizes, values) }

  /// `change` applied to each number.
  @inline(__always) public func map(_ change: (Float) -> Float) -> Tensor {
    Tensor(sizes) { out in
      values.withUnsafeBufferPointer { numbers in
        for index in 0..<numbers.count { out[index] = change(numbers[index]) }
      }
    }
  }

  /// `join` applied to the numbers at equal places.
  ///
  /// - Precondition: the sizes are equal.
  @inline(__always) public func zipped(with other: Tensor, _ join: (Float, Float) -> Float)
    -> Tensor
  {
    precondition(sizes == other.sizes, "\(sizes) and \(other.sizes) differ")
    return Tensor(sizes) { out in
      values.withUnsafeBufferPointer { first in
        other.values.withUnsafeBufferPointer { second in
          for index in 0..<first.count { out[index] = join(first[index], second[index]) }
        }
      }
    }
  }

  /// The samples of `range`: positions on the first axis.
  public func samples(_ range: Range<Int>) -> Tensor {
    let each = sizes.dropFirst().reduce(1, *)
    return Tensor(
      [range.count] + sizes.dropFirst(),
      Array(values[(range.lowerBound * each)..<(range.upperBound * each)]))
  }
}

extension Tensor {
  /// The sizes of a strided walk: the product of the axes before `axis`, the size of `axis`, and
  /// the product of the axes behind it.
  ///
  /// Many layers work along one axis, whatever stands around it:
  /// number (o, a, i) lies at (o × size + a) × inner + i.
  public func split(at axis: Int) -> (outer: Int, size: Int, inner: Int) {
    (
      sizes[..<axis].reduce(1, *), sizes[axis], sizes[(axis + 1)...].reduce(1, *)
    )
  }

  /// The index of an axis counted from the end where negative.
  public func axis(_ index: Int) -> Int { index < 0 ? index + rank : index }

  /// Tensors side by side along an axis.
  ///
  /// - Precondition: there is at least one tensor, and all other axes are equal.
  public static func concatenated(_ tensors: [Tensor], axis: Int) -> Tensor {
    guard let first = tensors.first, tensors.count > 1 else { return tensors[0] }
    let axis = first.axis(axis)
    var sizes = first.sizes
    sizes[axis] = tensors.reduce(0) { $0 + $1.sizes[axis] }
    let (outer, size, inner) = (
      first.split(at: axis).outer, sizes[axis], first.split(at: axis).inner
    )
    return Tensor(sizes) { out in
      var start = 0
      for tensor in tensors {
        let run = tensor.sizes[axis] * inner
        tensor.values.withUnsafeBufferPointer { numbers in
          guard let from = numbers.baseAddress, let to = out.baseAddress, run > 0 else { return }
          for row in 0..<outer {
            (to + row * size * inner + start).update(from: from + row * run, count: run)
          }
        }
        start += run
      }
    }
  }

  /// The positions `range` of an axis.
  public func slice(axis: Int, _ range: Range<Int>) -> Tensor {
    let (outer, size, inner) = split(at: axis)
    var sizes = sizes
    sizes[axis] = range.count
    let run = range.count * inner
    return Tensor(sizes) { out in
      values.withUnsafeBufferPointer { numbers in
        guard let from = numbers.baseAddress, let to = out.baseAddress, run > 0 else { return }
        for row in 0..<outer {
          (to + row * run).update(
            from: from + (row * size + range.lowerBound) * inner, count: run)
        }
      }
    }
  }

  /// The tensor with an axis in reverse order.
  public func reversed(axis: Int) -> Tensor {
    let (outer, size, inner) = split(at: axis)
    return Tensor(sizes) { out in
      values.withUnsafeBufferPointer { numbers in
        guard let from = numbers.baseAddress, let to = out.baseAddress, inner > 0 else { return }
        for row in 0..<outer {
          for index in 0..<size {
            (to + (row * size + index) * inner).update(
              from: from + (row * size + size - 1 - index) * inner, count: inner)
          }
        }
      }
    }
  }

  /// The tensor with its axes in another order: axis `i` of the result is axis `order[i]`.
  public func transposed(_ order: [Int]) -> Tensor {
    precondition(order.sorted() == Array(0..<rank), "\(order) is no order of \(rank) axes")
    var strides = Array(repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * sizes[axis + 1]
    }
    let newSizes = order.map { sizes[$0] }
    let newStrides = order.map { strides[$0] }
    return Tensor(newSizes) { out in
      values.withUnsafeBufferPointer { numbers in
        guard !out.isEmpty else { return }
        let (width, step) = (newSizes.last ?? 1, newStrides.last ?? 1)
        var index = Array(repeating: 0, count: rank)
        var from = 0
        for start in stride(from: 0, to: out.count, by: width) {
          if step == 1 {
            for column in 0..<width { out[start + column] = numbers[from + column] }
          } else {
            for column in 0..<width { out[start + column] = numbers[from + column * step] }
          }
          var axis = rank - 2
          while axis >= 0 {
            index[axis] += 1
            from += newStrides[axis]
            if index[axis] < newSizes[axis] { break }
            from -= index[axis] * newStrides[axis]
            index[axis] = 0
            axis -= 1
          }
        }
      }
    }
  }
}

extension Tensor {
  /// Adds a vector to every row of the last axis.
  ///
  /// - Precondition: the vector has as many numbers as the last axis.
  mutating func add(toLastAxis vector: Tensor) {
    precondition(vector.count == 0 || sizes.last == vector.count, "\(vector.sizes) to \(sizes)")
    add(toLastAxes: vector.reshaped([vector.count]))
  }

  /// Adds a tensor to the last axes, wherever the axes before them stand.
  ///
  /// - Precondition: its sizes are those of the last axes.
  mutating func add(toLastAxes vector: Tensor) {
    let width = vector.count
    guard width > 0 else { return }
    precondition(Array(sizes.suffix(vector.rank)) == vector.sizes, "\(vector.sizes) to \(sizes)")
    values.withUnsafeMutableBufferPointer { numbers in
      vector.values.withUnsafeBufferPointer { added in
        for row in stride(from: 0, to: numbers.count, by: width) {
          for column in 0..<width { numbers[row + column] += added[column] }
        }
      }
    }
  }
}
