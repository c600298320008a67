import Neural

/// Which axes a reduction takes away.
struct ReducedAxes {
  /// In ascending order, counted from the front.
  let axes: [Int]
  let keepsAxes: Bool

  init(_ axes: [Int]?, rank: Int, keepsAxes: Bool = false) throws(ArrayProblem) {
    guard let axes else {
      self.axes = Array(0..<rank)
      self.keepsAxes = keepsAxes
      return
    }
    var found: [Int] = []
    for axis in axes {
      let index = try NDArray.axis(axis, rank: rank)
      guard !found.contains(index) else {
        throw ArrayProblem("ValueError", "duplicate value in 'axis'")
      }
      found.append(index)
    }
    self.axes = found.sorted()
    self.keepsAxes = keepsAxes
  }

  /// The shape of what is left.
  func result(of shape: [Int]) -> [Int] {
    if keepsAxes { return shape.enumerated().map { axes.contains($0) ? 1 : $1 } }
    return shape.enumerated().filter { !axes.contains($0.offset) }.map(\.element)
  }

  /// Neighbouring axes as one, from the last to the first: the shape is (outer, size, inner).
  func groups(of shape: [Int]) -> [(outer: Int, size: Int, inner: Int)] {
    var groups: [(outer: Int, size: Int, inner: Int)] = []
    var inner = 1
    var axis = shape.count - 1
    while axis >= 0 {
      guard axes.contains(axis) else {
        inner *= shape[axis]
        axis -= 1
        continue
      }
      var size = 1
      while axis >= 0, axes.contains(axis) {
        size *= shape[axis]
        axis -= 1
      }
      let outer = axis >= 0 ? shape[...axis].reduce(1, *) : 1
      groups.append((outer, size, inner))
    }
    return groups
  }

  /// How many elements each result is made of.
  func size(of shape: [Int]) -> Int { axes.reduce(1) { $0 * shape[$1] } }
}

/// What a reduction makes of many numbers.
enum Reduction: String {
  case sum, prod, max, min, any, all
}

extension NDArray {
  /// A sum, product, extreme or test along axes.
  func reduced(
    _ reduction: Reduction, _ axes: ReducedAxes, type: DType? = nil
  ) throws(ArrayProblem) -> NDArray {
    let result = axes.result(of: shape)
    switch reduction {
    case .any, .all:
      let flags = reducedFlags(axes, isAny: reduction == .any)
      return NDArray(result, ints: flags, .bool)
    case .max, .min:
      guard axes.size(of: shape) > 0 || result.contains(0) else {
        throw ArrayProblem(
          "ValueError",
          "zero-size array to reduction operation \(reduction == .max ? "maximum" : "minimum") "
            + "which has no identity")
      }
      if dtype == .string { return try extremeText(isMaximum: reduction == .max, axes) }
      if dtype.kind == .int {
        return NDArray(
          result, ints: NDArray.extremes(ints(), shape, axes, isMaximum: reduction == .max), dtype)
      }
      let numbers = NDArray.extremes(try doubles(), shape, axes, isMaximum: reduction == .max)
      return NDArray(result, floats: numbers, dtype.isFloat ? dtype : .float64)
    case .sum, .prod:
      let standard: DType =
        dtype.isFloat
        ? dtype : dtype.kind == .object ? .float64 : dtype.isUnsigned ? .uint64 : .int64
      let type = type ?? standard
      guard dtype != .string else {
        throw ArrayProblem("TypeError", "texts cannot be added up")
      }
      if type.kind == .int {
        var numbers = try integers(type)
        for group in axes.groups(of: shape) {
          numbers = NDArray.folded(numbers, group, first: reduction == .sum ? 0 : 1) {
            reduction == .sum ? $0 &+ $1 : $0 &* $1
          }
        }
        return NDArray(result, ints: numbers.map { type.wrapped($0) }, type)
      }
      var numbers = NDArray.rounded(try doubles(), type)
      for group in axes.groups(of: shape) {
        numbers =
          reduction == .sum
          ? PairwiseSum.along(numbers, group, type)
          : NDArray.folded(numbers, group, first: 1) { type.rounded($0 * $1) }
      }
      return NDArray(result, floats: numbers, type)
    }
  }

  @inline(__always)
  private static func folded<Element>(
    _ numbers: [Element], _ group: (outer: Int, size: Int, inner: Int), first: Element,
    _ join: (Element, Element) -> Element
  ) -> [Element] {
    var result = Array(repeating: first, count: group.outer * group.inner)
    result.withUnsafeMutableBufferPointer { out in
      numbers.withUnsafeBufferPointer { from in
        for outer in 0..<group.outer {
          for index in 0..<group.size {
            let start = (outer * group.size + index) * group.inner
            for inner in 0..<group.inner {
              let to = outer * group.inner + inner
              out[to] = join(out[to], from[start + inner])
            }
          }
        }
      }
    }
    return result
  }

  private static func extremes<Element: Comparable>(
    _ numbers: [Element], _ shape: [Int], _ axes: ReducedAxes, isMaximum: Bool
  ) -> [Element] {
    var numbers = numbers
    for group in axes.groups(of: shape) where group.size > 0 {
      var result: [Element] = []
      result.reserveCapacity(group.outer * group.inner)
      for outer in 0..<group.outer {
        for inner in 0..<group.inner {
          var place = outer * group.size * group.inner + inner
          var best = numbers[place]
          for _ in 1..<Swift.max(group.size, 1) {
            place += group.inner
            let next = numbers[place]
            // What is not equal to itself is no number, and wins.
            if (isMaximum ? next > best : next < best) && best == best || next != next {
              best = next
            }
          }
          result.append(best)
        }
      }
      numbers = result
    }
    return numbers
  }

  private func extremeText(isMaximum: Bool, _ axes: ReducedAxes) throws(ArrayProblem) -> NDArray {
    guard axes.axes.count == rank else {
      throw ArrayProblem("TypeError", "max and min of texts are taken over the whole array only")
    }
    let texts = objects().compactMap(\.stringValue)
    let best = texts.reduce(texts.first ?? "") {
      ($0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)) == isMaximum ? $1 : $0
    }
    return NDArray(axes.result(of: shape), objects: [.string(best)], .string)
  }

  private func reducedFlags(_ axes: ReducedAxes, isAny: Bool) -> [Int] {
    var flags = truths().map { $0 ? 1 : 0 }
    for group in axes.groups(of: shape) {
      flags = NDArray.folded(flags, group, first: isAny ? 0 : 1) { isAny ? $0 | $1 : $0 & $1 }
    }
    return flags
  }

  // MARK: Means

  func mean(_ axes: ReducedAxes, type: DType? = nil) throws(ArrayProblem) -> NDArray {
    let type = type ?? (dtype.isFloat ? dtype : .float64)
    let wide: DType = type == .float16 ? .float32 : type
    let sum = try reduced(.sum, axes, type: wide.isFloat ? wide : .float64)
    let count = Double(axes.size(of: shape))
    return NDArray(
      sum.shape,
      floats: NDArray.rounded(sum.floats().map { $0 / count }, type.isFloat ? type : .float64),
      type.isFloat ? type : .float64)
  }

  /// The variance; `ddof` is taken off the count.
  func variance(_ axes: ReducedAxes, ddof: Double = 0) throws(ArrayProblem) -> NDArray {
    let kept = try ReducedAxes(axes.axes, rank: rank, keepsAxes: true)
    let base = dtype.isFloat ? self : try converted(to: .float64)
    let mean = try base.mean(kept)
    let rest = try NDArray.binary(.subtract, Operand(base), Operand(mean))
    let squares = try NDArray.binary(.multiply, Operand(rest), Operand(rest))
    let sum = try squares.reduced(.sum, axes)
    let count = Swift.max(Double(axes.size(of: shape)) - ddof, 0)
    return NDArray(
      sum.shape, floats: NDArray.rounded(sum.floats().map { $0 / count }, sum.dtype), sum.dtype)
  }

  // MARK: Along one axis

  /// The index of the greatest or least element along an axis; `nil`: of all elements.
  func argument(isMaximum: Bool, axis: Int?) throws(ArrayProblem) -> NDArray {
    guard count > 0 else {
      throw ArrayProblem(
        "ValueError", "attempt to get \(isMaximum ? "argmax" : "argmin") of an empty sequence")
    }
    let numbers = try doubles()
    let index = try axis.map { (a: Int) throws(ArrayProblem) -> Int in try self.axis(a) }
    let (outer, size, inner) =
      index.map {
        (shape[..<$0].reduce(1, *), shape[$0], shape[($0 + 1)...].reduce(1, *))
      } ?? (1, count, 1)
    var result: [Int] = []
    for row in 0..<outer {
      for column in 0..<inner {
        var best = 0
        let start = row * size * inner + column
        for place in 1..<Swift.max(size, 1) {
          let (x, y) = (numbers[start + place * inner], numbers[start + best * inner])
          if (isMaximum ? x > y : x < y) && !y.isNaN || x.isNaN && !y.isNaN { best = place }
        }
        result.append(best)
      }
    }
    var left = shape
    if let index { left.remove(at: index) } else { left = [] }
    return NDArray(left, ints: result)
  }

  /// Running sums or products along an axis; `nil`: of all elements in a row.
  func cumulative(_ reduction: Reduction, axis: Int?, type: DType?) throws(ArrayProblem) -> NDArray
  {
    let base = axis == nil ? reshapedCopy([count]) : self
    let index = try base.axis(axis ?? 0)
    let (outer, size, inner) = (
      base.shape[..<index].reduce(1, *), base.shape[index], base.shape[(index + 1)...].reduce(1, *)
    )
    let type = type ?? (dtype.isFloat ? dtype : .int64)
    func running<Element>(_ numbers: [Element], _ join: (Element, Element) -> Element) -> [Element]
    {
      var numbers = numbers
      for row in 0..<outer {
        for place in 1..<Swift.max(size, 1) {
          for column in 0..<inner {
            let to = (row * size + place) * inner + column
            numbers[to] = join(numbers[to - inner], numbers[to])
          }
        }
      }
      return numbers
    }
    if type.kind == .int {
      let numbers = running(try base.integers(type)) {
        type.wrapped(reduction == .sum ? $0 &+ $1 : $0 &* $1)
      }
      return NDArray(base.shape, ints: numbers, type)
    }
    let numbers = running(NDArray.rounded(try base.doubles(), type)) {
      type.rounded(reduction == .sum ? $0 + $1 : $0 * $1)
    }
    return NDArray(base.shape, floats: numbers, type)
  }

  /// Quantiles from 0 to 1 along axes, interpolated between neighbours.
  func quantiles(_ fractions: [Double], _ axes: ReducedAxes) throws(ArrayProblem) -> [NDArray] {
    let kept = (0..<rank).filter { !axes.axes.contains($0) }
    let rows = try transposed(kept + axes.axes).copied().doubles()
    let size = axes.size(of: shape)
    guard size > 0 else {
      throw ArrayProblem("IndexError", "quantiles of an empty array do not exist")
    }
    let result = axes.result(of: shape)
    let type: DType = dtype.isFloat ? dtype : .float64
    var numbers = Array(repeating: [Double](), count: fractions.count)
    for start in stride(from: 0, to: rows.count, by: size) {
      let row = rows[start..<start + size]
      let hasNaN = row.contains { $0.isNaN }
      let sorted = hasNaN ? [] : row.sorted()
      for (index, fraction) in fractions.enumerated() {
        guard !hasNaN else {
          numbers[index].append(.nan)
          continue
        }
        let place = fraction * Double(size - 1)
        let low = place.rounded(.down)
        let lower = Swift.min(Swift.max(Int(low), 0), size - 1)
        let upper = Swift.min(lower + 1, size - 1)
        let (a, b) = (sorted[lower], sorted[upper])
        let t = place - low
        // NumPy's own interpolation: from the nearer end.
        numbers[index].append(t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t)
      }
    }
    return numbers.map { NDArray(result, floats: NDArray.rounded($0, type), type) }
  }
}
