/// A function of a row of numbers, and its slopes.
struct ReducingFunction: Sendable {
  /// Writes how a value changes with each number of its row.
  typealias Slopes =
    @Sendable (
      _ row: UnsafeBufferPointer<Float>, _ value: Float, _ slopes: UnsafeMutableBufferPointer<Float>
    ) -> Void

  /// What is computed of a row.
  let value: @Sendable (UnsafeBufferPointer<Float>) -> Float
  /// How it changes with the row; `nil` where it changes in steps only.
  let slopes: Slopes?

  /// A function with its slopes; `slopes` writes all of them.
  init(_ value: @escaping @Sendable (UnsafeBufferPointer<Float>) -> Float, slopes: @escaping Slopes)
  {
    self.value = value
    self.slopes = slopes
  }

  /// A function that changes in steps only.
  init(steps value: @escaping @Sendable (UnsafeBufferPointer<Float>) -> Float) {
    self.value = value
    slopes = nil
  }
}

extension TracedTensor {
  /// What a function makes of all numbers along `axes`, which go; it takes them in row-major
  /// order.
  func reduced(_ axes: [Int], _ function: ReducingFunction) -> TracedTensor {
    let (before, after) = (value, value.reduced(axes, function.value))
    guard let slopes = function.slopes else { return .constant(after) }
    let gone = axes.sorted()
    let order = before.sizes.indices.filter { !gone.contains($0) } + gone
    let width = gone.reduce(1) { $0 * before.sizes[$1] }
    return then(after) { gradient in
      // The rows one after the other, as they were taken.
      let rows = order == Array(order.indices) ? before : before.transposed(order)
      let result = Tensor(rows.sizes) { out in
        rows.values.withUnsafeBufferPointer { numbers in
          for (index, value) in after.values.enumerated() {
            let range = (index * width)..<((index + 1) * width)
            let row = UnsafeMutableBufferPointer(rebasing: out[range])
            slopes(UnsafeBufferPointer(rebasing: numbers[range]), value, row)
            row.change { $0 * gradient.values[index] }
          }
        }
      }
      return order == Array(order.indices)
        ? result : result.transposed(order.inversePermutation)
    }
  }
}

extension UnsafeBufferPointer<Float> {
  /// Adds to the slopes of the numbers that equal `value` an equal share each.
  func addShares(of value: Float, _ slope: Float, to slopes: UnsafeMutableBufferPointer<Float>) {
    let count = count { $0 == value }
    guard count > 0 else { return }
    for index in indices where self[index] == value { slopes[index] += slope / Float(count) }
  }

  /// Writes the differences from the mean, times `factor`.
  func differences(into slopes: UnsafeMutableBufferPointer<Float>, times factor: Double) {
    let mean = reduce(0.0) { $0 + Double($1) } / Double(count)
    for index in indices { slopes[index] = Float((Double(self[index]) - mean) * factor) }
  }
}
