#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// Sums are added up with 64 bits: they differ from those of 32 bits in the last digits only.

extension Tensor {
  /// What `make` gives of all numbers along `axes`, which go; it takes them in row-major order.
  func reduced(_ axes: [Int], _ make: (UnsafeBufferPointer<Float>) -> Float) -> Tensor {
    let gone = axes.sorted()
    let kept = (0..<rank).filter { !gone.contains($0) }
    let order = kept + gone
    let moved = order == Array(0..<rank) ? self : transposed(order)
    let width = gone.reduce(1) { $0 * sizes[$1] }
    return Tensor(kept.map { sizes[$0] }) { out in
      moved.values.withUnsafeBufferPointer { numbers in
        for row in 0..<out.count {
          let range = (row * width)..<((row + 1) * width)
          out[row] = make(UnsafeBufferPointer(rebasing: numbers[range]))
        }
      }
    }
  }

  /// Checks that there are numbers along `axes`.
  fileprivate func requireNumbers(
    _ axes: [Int], for operation: String
  ) throws(PassError) {
    guard axes.contains(where: { sizes[$0] == 0 }) else { return }
    throw PassError("\(operation) of no numbers: \(shape)")
  }
}

extension PlainReduction {
  package func reduce(
    _ input: Tensor, along axes: [Int], isOne: Bool, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    switch self {
    case .largestIndex, .smallestIndex:
      guard isOne || axes.count == input.rank else {
        throw PassError("\(rawValue) takes one axis, or none for all numbers")
      }
      try input.requireNumbers(axes, for: rawValue)
    case .range, .median: try input.requireNumbers(axes, for: rawValue)
    default: break
    }
    return TracedTensor(input).reduced(axes, function)
  }

  private var function: ReducingFunction {
    switch self {
    case .sum: ReducingFunction({ Float(total($0)) }) { $2.update(repeating: 1) }
    case .mean: .mean
    case .any: ReducingFunction(steps: { number($0.contains { isTrue($0) }) })
    case .all: ReducingFunction(steps: { number($0.allSatisfy { isTrue($0) }) })
    case .standardDeviation:
      // Where all numbers are equal, which Keras makes NaN of, none is better than another.
      ReducingFunction({ Float(squaredDeviation($0).squareRoot()) }) { row, value, slopes in
        row.differences(
          into: slopes, times: value == 0 ? 0 : 1 / (Double(row.count) * Double(value)))
      }
    case .variance:
      ReducingFunction({ Float(squaredDeviation($0)) }) { row, _, slopes in
        row.differences(into: slopes, times: 2 / Double(row.count))
      }
    case .median: .median
    case .range:
      ReducingFunction({ largest($0) - smallest($0) }) { row, _, slopes in
        slopes.update(repeating: 0)
        row.addShares(of: largest(row), 1, to: slopes)
        row.addShares(of: smallest(row), -1, to: slopes)
      }
    case .logSumExp:
      ReducingFunction(logSum) { row, value, slopes in
        for index in row.indices { slopes[index] = value.isInfinite ? 0 : expf(row[index] - value) }
      }
    case .largestIndex: ReducingFunction(steps: { Float(firstIndex($0) { $0 > $1 }) })
    case .smallestIndex: ReducingFunction(steps: { Float(firstIndex($0) { $0 < $1 }) })
    }
  }
}

extension ReducingFunction {
  /// The mean.
  static let mean = ReducingFunction({ Float(total($0) / Double($0.count)) }) { row, _, slopes in
    slopes.update(repeating: 1 / Float(row.count))
  }

  /// The middle number, or the mean of the two in the middle.
  static let median = ReducingFunction(middle) { row, value, slopes in
    slopes.update(repeating: 0)
    guard !value.isNaN else { return }
    let order = row.indices.sorted { (row[$0], $0) < (row[$1], $1) }
    slopes[order[(row.count - 1) / 2]] += 0.5
    slopes[order[row.count / 2]] += 0.5
  }

  /// The largest number; equal ones have equal shares of the gradient.
  static let largest = ReducingFunction(Neural.largest) { row, value, slopes in
    slopes.update(repeating: 0)
    row.addShares(of: value, 1, to: slopes)
  }

  /// The smallest number; equal ones have equal shares of the gradient.
  static let smallest = ReducingFunction(Neural.smallest) { row, value, slopes in
    slopes.update(repeating: 0)
    row.addShares(of: value, 1, to: slopes)
  }
}

extension ExtremumReduction {
  package func reduce(
    _ input: Tensor, along axes: [Int], isOne: Bool, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    let output = TracedTensor(input).reduced(axes, self == .max ? .largest : .smallest)
    guard let initial = try parameters.optionalNumber("initial") else {
      try input.requireNumbers(axes, for: rawValue)
      return output
    }
    return try output.joined(
      with: Tensor([], repeating: initial), self == .max ? .maximum : .minimum, for: rawValue)
  }
}

extension ProductReduction {
  package func reduce(
    _ input: Tensor, along axes: [Int], isOne: Bool, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    let type = try NumberType(parameters["dtype"], for: rawValue)
    let function = ReducingFunction({ $0.reduce(1, *) }) { row, _, slopes in
      // The product of all others: of those before, then of those behind.
      var product: Float = 1
      for index in row.indices {
        slopes[index] = product
        product *= row[index]
      }
      product = 1
      for index in row.indices.reversed() {
        slopes[index] *= product
        product *= row[index]
      }
    }
    return TracedTensor(input).cast(to: type).reduced(axes, function).cast(to: type)
  }
}

extension CountReduction {
  package func reduce(
    _ input: Tensor, along axes: [Int], isOne: Bool, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    .constant(input.reduced(axes) { row in Float(row.count { isTrue($0) }) })
  }
}

private func total(_ row: UnsafeBufferPointer<Float>) -> Double {
  row.reduce(0) { $0 + Double($1) }
}

/// The mean of the squared differences from the mean.
private func squaredDeviation(_ row: UnsafeBufferPointer<Float>) -> Double {
  let mean = total(row) / Double(row.count)
  let squares = row.reduce(0.0) { sum, number in
    let difference = Double(number) - mean
    return sum + difference * difference
  }
  return squares / Double(row.count)
}

/// The middle number, or the mean of the two in the middle.
func middle(_ row: UnsafeBufferPointer<Float>) -> Float {
  guard !row.isEmpty, !row.contains(where: \.isNaN) else { return .nan }
  let sorted = row.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] * 0.5 + sorted[middle] * 0.5
}

/// The largest number; NaN where there is one.
func largest(_ row: UnsafeBufferPointer<Float>) -> Float { row.reduce(-.infinity, larger(of:_:)) }

/// The smallest number; NaN where there is one.
func smallest(_ row: UnsafeBufferPointer<Float>) -> Float { row.reduce(.infinity, smaller(of:_:)) }

private func logSum(_ row: UnsafeBufferPointer<Float>) -> Float {
  let top = largest(row)
  let shift = top.isFinite ? top : 0
  let sum = row.reduce(0.0) { $0 + Double(expf($1 - shift)) }
  return Float(log(sum)) + shift
}

/// The first place of the number that `isBefore` puts before all others; of NaN where there is one.
///
/// −0 counts as less than 0, as in Keras.
private func firstIndex(
  _ row: UnsafeBufferPointer<Float>, _ isBefore: (Float, Float) -> Bool
) -> Int {
  func key(_ number: Float) -> Float {
    number == 0 && number.sign == .minus ? -.leastNormalMagnitude : number
  }
  var best = 0
  for (index, number) in row.enumerated() {
    if number.isNaN { return index }
    if isBefore(key(number), key(row[best])) { best = index }
  }
  return best
}
