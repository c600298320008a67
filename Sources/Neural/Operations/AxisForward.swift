extension AxisOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    if self == .sort || self == .argsort, parameters["axis"].isNull {
      return sorted(TracedTensor(input).reshaped([input.count]))
    }
    let axes = try parameters.axes("axis", of: input)
    return TracedTensor(input).joiningAxes(axes) { rows in
      switch self {
      case .softmax: rows.applying(.softmax)
      case .logSoftmax: rows.applying(.logSoftmax)
      case .sparsemax: rows.applying(.sparsemax)
      case .sort, .argsort: sorted(rows)
      }
    }
  }

  /// Each row of the last axis in the order of its numbers, or the places that they come from.
  private func sorted(_ rows: TracedTensor) -> TracedTensor {
    let sizes = rows.value.sizes
    let width = max(sizes.last ?? 1, 1)
    let order = rows.value.ascendingPlaces(width)
    if self == .argsort { return .constant(Tensor(sizes, order.map { Float($0 % width) })) }
    return rows.then(Tensor(sizes, order.map { rows.value.values[$0] })) { gradient in
      Tensor(sizes) { out in
        for (place, number) in zip(order, gradient.values) { out[place] = number }
      }
    }
  }
}

extension Tensor {
  /// The places of all numbers, each row of `width` numbers in ascending order.
  ///
  /// What is not a number stands last; equal numbers keep their order.
  fileprivate func ascendingPlaces(_ width: Int) -> [Int] {
    values.withUnsafeBufferPointer { numbers in
      var order: [Int] = []
      order.reserveCapacity(numbers.count)
      for start in stride(from: 0, to: numbers.count, by: width) {
        order += (start..<(start + width)).sorted { one, other in
          let (a, b) = (numbers[one], numbers[other])
          if a < b || (b.isNaN && !a.isNaN) { return true }
          if b < a || (a.isNaN && !b.isNaN) { return false }
          return one < other
        }
      }
      return order
    }
  }
}

extension CumulativeOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    let type = try NumberType(parameters["dtype"], for: rawValue)
    var output = TracedTensor(input).cast(to: type)
    var axis = 0
    if parameters["axis"].isNull {
      output = output.reshaped([input.count])
    } else {
      let axes = try parameters.axes("axis", of: input)
      guard axes.count == 1 else { throw parameters.unfit("axis", "one axis") }
      axis = axes[0]
    }
    // A number stands in its own sum and all behind it.
    return output.then(output.value.runningSums(axis)) { [axis] gradient in
      gradient.reversed(axis: axis).runningSums(axis).reversed(axis: axis)
    }.cast(to: type)
  }
}

extension Tensor {
  /// At each position of an axis the sum of all up to there.
  fileprivate func runningSums(_ axis: Int) -> Tensor {
    let (outer, size, inner) = split(at: axis)
    return Tensor(sizes) { out in
      values.withUnsafeBufferPointer { numbers in
        for row in 0..<outer {
          for column in 0..<inner {
            var sum = 0.0
            for position in 0..<size {
              let place = (row * size + position) * inner + column
              sum += Double(numbers[place])
              out[place] = Float(sum)
            }
          }
        }
      }
    }
  }
}

extension NormalizeOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    let axes = try parameters.axes("axis", of: input)
    let order = try parameters.integer("order")
    guard order >= 1 else {
      throw PassError("Normalize has an order of \(order)", remedy: "use 1 or more")
    }
    let epsilon = try parameters.optionalNumber("epsilon") ?? 1e-7
    var sizes = input.sizes
    for axis in axes { sizes[axis] = 1 }
    if order == 2 {
      let squares = input.map { $0 * $0 }.reduced(axes) { $0.reduce(0, +) }.reshaped(sizes)
      let factors = squares.map { smaller(of: 1 / $0.squareRoot(), 1 / epsilon) }
      let output = try Tensor.joined(input, factors, for: "Normalize", *)
      return TracedTensor(input).then(output) { gradient in
        let norm = TracedTensor(input).reduced(axes, .euclideanNorm).reshaped(squares.sizes)
        return input.throughNormalization(gradient, by: norm, epsilon: epsilon)
      }
    }
    let norm = try TracedTensor(input).norm(axes, order: .power(Float(order))).reshaped(sizes)
    let divisors = norm.value.map { larger(of: $0, epsilon) }
    let output = try Tensor.joined(input, divisors, for: "Normalize", /)
    return TracedTensor(input).then(output) { gradient in
      input.throughNormalization(gradient, by: norm, epsilon: epsilon)
    }
  }
}

extension Tensor {
  /// The gradient of vectors that were brought to length 1, or divided by `epsilon` where they are
  /// shorter than that.
  ///
  /// d(x ÷ l) = dx ÷ l − x · dl ÷ l², where l changes with x: not below `epsilon`. Of a vector of
  /// zeros Keras makes NaN.
  fileprivate func throughNormalization(
    _ gradient: Tensor, by norm: TracedTensor, epsilon: Float
  ) -> Tensor {
    let divisors = norm.value.map { larger(of: $0, epsilon) }
    let direct = gradient.broadcast(with: divisors, /) ?? gradient
    guard let back = norm.back else { return direct }
    let sums = direct.zipped(with: self, *).summed(to: divisors.sizes)
    let shares = norm.value.map { $0 > epsilon ? 1 : $0 == epsilon ? 0.5 : 0 }
    let ofLengths = sums.zipped(with: divisors, /).zipped(with: shares) { -$0 * $1 }
    return direct.zipped(with: back(ofLengths), +)
  }
}

extension FlipOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    try parameters.axes("axis", of: input).reduce(TracedTensor(input)) { $0.reversed(axis: $1) }
  }
}

extension RollOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    guard var shifts = try parameters.integers("shift") else {
      throw parameters.unfit("shift", "a whole number")
    }
    guard var axes = try parameters.integers("axis") else {
      let flat = TracedTensor(input).reshaped([input.count])
      return shifts.reduce(flat) { $0.rolled(by: $1, axis: 0) }.reshaped(input.sizes)
    }
    if shifts.count == 1 { shifts = Array(repeating: shifts[0], count: axes.count) }
    if axes.count == 1 { axes = Array(repeating: axes[0], count: shifts.count) }
    guard shifts.count == axes.count else {
      throw PassError("Roll has \(shifts.count) shifts for \(axes.count) axes")
    }
    return zip(shifts, axes).reduce(TracedTensor(input)) {
      $0.rolled(by: $1.0, axis: input.axis($1.1))
    }
  }
}

extension TracedTensor {
  /// The tensor with an axis moved on by `shift` positions, those at the end put first.
  fileprivate func rolled(by shift: Int, axis: Int) -> TracedTensor {
    let size = value.sizes[axis]
    guard size > 1 else { return self }
    let start = (shift % size + size) % size
    if start == 0 { return self }
    return then(value.rolled(by: start, axis: axis)) { $0.rolled(by: size - start, axis: axis) }
  }
}

extension Tensor {
  /// The tensor with an axis moved on by `shift` positions, fewer than there are.
  fileprivate func rolled(by shift: Int, axis: Int) -> Tensor {
    let size = sizes[axis]
    return .concatenated(
      [slice(axis: axis, (size - shift)..<size), slice(axis: axis, 0..<(size - shift))], axis: axis)
  }
}

extension TriangleOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    let k = try parameters.integer("k")
    guard input.rank >= 2 else {
      throw PassError("\(rawValue) takes matrices, found \(input.shape)")
    }
    return TracedTensor(input).then(triangle(of: input, k)) { triangle(of: $0, k) }
  }

  private func triangle(of input: Tensor, _ k: Int) -> Tensor {
    let (rows, columns) = (input.sizes[input.rank - 2], input.sizes[input.rank - 1])
    return Tensor(input.sizes) { out in
      guard rows > 0, columns > 0 else { return }
      for place in 0..<out.count {
        let (row, column) = (place / columns % rows, place % columns)
        // Not row + k, which could be too large.
        let isKept = self == .lower ? column - row <= k : column - row >= k
        out[place] = isKept ? input.values[place] : 0
      }
    }
  }
}
