// Ways back of what moves numbers: sums where numbers were repeated, 0 where they were left out.

extension Tensor {
  /// The sum over what was repeated: the way back of a broadcast from `sizes`.
  ///
  /// - Precondition: `sizes` broadcast to those of the tensor.
  func summed(to sizes: [Int]) -> Tensor {
    if self.sizes == sizes { return self }
    let target = self.sizes
    let own = Array(repeating: 1, count: target.count - sizes.count) + sizes
    // Steps of 0 add to the same number again.
    var steps = Array(repeating: 0, count: target.count)
    var step = 1
    for axis in target.indices.reversed() {
      if own[axis] != 1 { steps[axis] = step }
      step *= own[axis]
    }
    var sums = Array(repeating: 0.0, count: step)
    sums.withUnsafeMutableBufferPointer { sums in
      values.withUnsafeBufferPointer { numbers in
        guard !numbers.isEmpty else { return }
        let (width, lastStep) = (target.last ?? 1, steps.last ?? 0)
        var index = Array(repeating: 0, count: target.count)
        var to = 0
        for start in stride(from: 0, to: numbers.count, by: width) {
          for column in 0..<width {
            sums[to + column * lastStep] += Double(numbers[start + column])
          }
          var axis = target.count - 2
          while axis >= 0 {
            index[axis] += 1
            to += steps[axis]
            if index[axis] < target[axis] { break }
            to -= index[axis] * steps[axis]
            index[axis] = 0
            axis -= 1
          }
        }
      }
    }
    return Tensor(sizes, sums.map { Float($0) })
  }

  /// The tensor as the positions from `first` of an axis of size `size`, the others 0: the way
  /// back of a slice.
  func placed(at first: Int, of size: Int, axis: Int) -> Tensor {
    if sizes[axis] == size { return self }
    let (outer, count, inner) = split(at: axis)
    var target = sizes
    target[axis] = size
    return Tensor(target) { out in
      out.update(repeating: 0)
      values.withUnsafeBufferPointer { numbers in
        guard let from = numbers.baseAddress, let to = out.baseAddress else { return }
        for row in 0..<outer {
          (to + (row * size + first) * inner).update(
            from: from + row * count * inner, count: count * inner)
        }
      }
    }
  }

  /// Adds each position of an axis to the one that it was taken from, of `size`: the way back of
  /// `taking(_:axis:)`.
  func returned(to positions: [Int], of size: Int, axis: Int) -> Tensor {
    let (outer, count, inner) = split(at: axis)
    var target = sizes
    target[axis] = size
    return Tensor(target) { out in
      out.update(repeating: 0)
      values.withUnsafeBufferPointer { numbers in
        for row in 0..<outer {
          for (place, position) in positions.enumerated() {
            let (from, to) = ((row * count + place) * inner, (row * size + position) * inner)
            for index in 0..<inner { out[to + index] += numbers[from + index] }
          }
        }
      }
    }
  }
}
