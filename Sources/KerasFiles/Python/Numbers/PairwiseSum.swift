/// Sums of floats in the order in which NumPy adds them, so that the last digits agree.
///
/// A contiguous run is added in eight interleaved sums up to 128 numbers, and by halves beyond;
/// along other axes the rows are added one after the other.
enum PairwiseSum {
  /// Sums along the middle of (outer, size, inner).
  static func along(
    _ numbers: [Double], _ group: (outer: Int, size: Int, inner: Int), _ type: DType
  ) -> [Double] {
    if type == .float64 { return sums(numbers, group) }
    return NDArray.rounded(sums(numbers.map { Float($0) }, group).map { Double($0) }, type)
  }

  private static func sums<Number: BinaryFloatingPoint>(
    _ numbers: [Number], _ group: (outer: Int, size: Int, inner: Int)
  ) -> [Number] {
    var result = Array(repeating: Number(0), count: group.outer * group.inner)
    numbers.withUnsafeBufferPointer { from in
      guard let start = from.baseAddress else { return }
      if group.inner == 1 {
        for outer in 0..<group.outer {
          result[outer] = 0 + sum(start + outer * group.size, group.size)
        }
        return
      }
      result.withUnsafeMutableBufferPointer { out in
        for outer in 0..<group.outer {
          for index in 0..<group.size {
            let row = start + (outer * group.size + index) * group.inner
            for inner in 0..<group.inner { out[outer * group.inner + inner] += row[inner] }
          }
        }
      }
    }
    return result
  }

  @_specialize(where Number == Double)
  @_specialize(where Number == Float)
  private static func sum<Number: BinaryFloatingPoint>(
    _ numbers: UnsafePointer<Number>, _ count: Int
  ) -> Number {
    if count < 8 {
      var total: Number = -0.0
      for index in 0..<count { total += numbers[index] }
      return total
    }
    if count <= 128 {
      var (a, b, c, d) = (numbers[0], numbers[1], numbers[2], numbers[3])
      var (e, f, g, h) = (numbers[4], numbers[5], numbers[6], numbers[7])
      var index = 8
      while index < count - count % 8 {
        a += numbers[index]
        b += numbers[index + 1]
        c += numbers[index + 2]
        d += numbers[index + 3]
        e += numbers[index + 4]
        f += numbers[index + 5]
        g += numbers[index + 6]
        h += numbers[index + 7]
        index += 8
      }
      var total = ((a + b) + (c + d)) + ((e + f) + (g + h))
      while index < count {
        total += numbers[index]
        index += 1
      }
      return total
    }
    var half = count / 2
    half -= half % 8
    return sum(numbers, half) + sum(numbers + half, count - half)
  }
}
