extension Tensor {
  /// The tensor repeated along axes of size 1 until it has these sizes; missing axes are
  /// added in front.
  ///
  /// - Returns: `nil` where the sizes do not fit.
  func broadcast(to target: [Int]) -> Tensor? {
    if sizes == target { return self }
    guard rank <= target.count else { return nil }
    let own = Array(repeating: 1, count: target.count - rank) + sizes
    for (size, wanted) in zip(own, target) where size != wanted && size != 1 { return nil }
    // Steps of 0 read the same number again.
    var steps = Array(repeating: 0, count: target.count)
    var step = 1
    for axis in target.indices.reversed() {
      if own[axis] != 1 { steps[axis] = step }
      step *= own[axis]
    }
    return Tensor(target) { out in
      values.withUnsafeBufferPointer { numbers in
        guard !out.isEmpty else { return }
        let (width, lastStep) = (target.last ?? 1, steps.last ?? 0)
        var index = Array(repeating: 0, count: target.count)
        var from = 0
        for start in stride(from: 0, to: out.count, by: width) {
          if lastStep == 0 {
            for column in 0..<width { out[start + column] = numbers[from] }
          } else {
            for column in 0..<width { out[start + column] = numbers[from + column] }
          }
          var axis = target.count - 2
          while axis >= 0 {
            index[axis] += 1
            from += steps[axis]
            if index[axis] < target[axis] { break }
            from -= index[axis] * steps[axis]
            index[axis] = 0
            axis -= 1
          }
        }
      }
    }
  }

  /// `join` applied to the numbers at equal places, axes of size 1 repeated.
  ///
  /// - Returns: `nil` where the sizes do not fit.
  @inline(__always) func broadcast(
    with other: Tensor, _ join: (Float, Float) -> Float
  ) -> Tensor? {
    if sizes == other.sizes { return zipped(with: other, join) }
    guard let sizes = Tensor.commonSizes(sizes, other.sizes),
      let one = broadcast(to: sizes), let another = other.broadcast(to: sizes)
    else { return nil }
    return one.zipped(with: another, join)
  }

  /// The sizes of two tensors joined number by number; `nil` where they do not fit.
  static func commonSizes(_ a: [Int], _ b: [Int]) -> [Int]? {
    let rank = max(a.count, b.count)
    let one = Array(repeating: 1, count: rank - a.count) + a
    let other = Array(repeating: 1, count: rank - b.count) + b
    var result: [Int] = []
    for (size, otherSize) in zip(one, other) {
      guard size == otherSize || size == 1 || otherSize == 1 else { return nil }
      result.append(size == 1 ? otherSize : size)
    }
    return result
  }
}

extension Layer {
  /// The sizes of the outputs for these inputs.
  ///
  /// - Throws: `PassError` where the layer cannot stand on them.
  func outputSizes(for inputs: [Tensor]) throws(PassError) -> [[Int]] {
    do throws(ShapeError) {
      return try outputShapes(for: inputs.map(\.shape)).map { $0.sizes.map { $0 ?? 1 } }
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
  }
}
