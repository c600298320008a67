extension AxisOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> Tensor {
    switch self {
    case .softmax: return try input.rows(parameters) { ActivationFunction.softmax($0) }
    case .logSoftmax: return try input.rows(parameters) { ActivationFunction.logSoftmax($0) }
    case .sparsemax: return try input.rows(parameters) { ActivationFunction.sparsemax($0) }
    case .sort: return try sorted(input, parameters) { row, order in order.map { row[$0] } }
    case .argsort: return try sorted(input, parameters) { $1.map { Float($0) } }
    }
  }

  /// Each row of an axis by the order of its numbers.
  private func sorted(
    _ input: Tensor, _ parameters: OperationParameters,
    _ make: (UnsafeMutableBufferPointer<Float>, [Int]) -> [Float]
  ) throws(PassError) -> Tensor {
    func ordered(_ rows: Tensor) -> Tensor {
      let width = max(rows.sizes.last ?? 1, 1)
      var values = rows.values
      values.withUnsafeMutableBufferPointer { numbers in
        for start in stride(from: 0, to: numbers.count, by: width) {
          let row = UnsafeMutableBufferPointer(rebasing: numbers[start..<(start + width)])
          // What is not a number stands last; equal numbers keep their order.
          let order = row.indices.sorted { one, other in
            let (a, b) = (row[one], row[other])
            if a < b || (b.isNaN && !a.isNaN) { return true }
            if b < a || (a.isNaN && !b.isNaN) { return false }
            return one < other
          }
          let made = make(row, order)
          for (index, number) in made.enumerated() { row[index] = number }
        }
      }
      return Tensor(rows.sizes, values)
    }
    if parameters["axis"].isNull { return ordered(input.reshaped([input.count])) }
    return try input.rows(parameters, ordered)
  }
}

extension Tensor {
  /// `change` of the tensor with the axes that `axis` names as one axis at its end.
  fileprivate func rows(
    _ parameters: OperationParameters, _ change: (Tensor) -> Tensor
  ) throws(PassError) -> Tensor {
    let axes = try parameters.axes("axis", of: self)
    return joiningAxes(axes, change)
  }

  /// `change` of the tensor with `axes` moved to its end and joined to one; put back afterwards.
  ///
  /// `change` keeps the sizes.
  func joiningAxes(_ axes: [Int], _ change: (Tensor) -> Tensor) -> Tensor {
    if axes == [rank - 1] { return change(self) }
    let order = (0..<rank).filter { !axes.contains($0) } + axes
    let moved = transposed(order)
    let width = axes.reduce(1) { $0 * sizes[$1] }
    let kept = order.dropLast(axes.count).map { sizes[$0] }
    let changed = change(moved.reshaped(kept + [width])).reshaped(moved.sizes)
    var back = Array(repeating: 0, count: rank)
    for (place, axis) in order.enumerated() { back[axis] = place }
    return changed.transposed(back)
  }
}

extension NormalizeOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> Tensor {
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
      return try Tensor.joined(input, factors, for: "Normalize", *)
    }
    let lengths = try input.norm(axes, order: .power(Float(order))).reshaped(sizes)
    return try Tensor.joined(
      input, lengths.map { larger(of: $0, epsilon) }, for: "Normalize", /)
  }
}

extension FlipOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> Tensor {
    try parameters.axes("axis", of: input).reduce(input) { $0.reversed(axis: $1) }
  }
}

extension RollOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> Tensor {
    guard var shifts = try parameters.integers("shift") else {
      throw parameters.unfit("shift", "a whole number")
    }
    guard var axes = try parameters.integers("axis") else {
      let flat = input.reshaped([input.count])
      return shifts.reduce(flat) { $0.rolled(by: $1, axis: 0) }.reshaped(input.sizes)
    }
    if shifts.count == 1 { shifts = Array(repeating: shifts[0], count: axes.count) }
    if axes.count == 1 { axes = Array(repeating: axes[0], count: shifts.count) }
    guard shifts.count == axes.count else {
      throw PassError("Roll has \(shifts.count) shifts for \(axes.count) axes")
    }
    return zip(shifts, axes).reduce(input) { $0.rolled(by: $1.0, axis: $0.axis($1.1)) }
  }
}

extension Tensor {
  /// The tensor with an axis moved on by `shift` positions, those at the end put first.
  fileprivate func rolled(by shift: Int, axis: Int) -> Tensor {
    let size = sizes[axis]
    guard size > 1 else { return self }
    let start = (shift % size + size) % size
    if start == 0 { return self }
    return .concatenated(
      [slice(axis: axis, (size - start)..<size), slice(axis: axis, 0..<(size - start))], axis: axis)
  }
}

extension TriangleOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> Tensor {
    let k = try parameters.integer("k")
    guard input.rank >= 2 else {
      throw PassError("\(rawValue) takes matrices, found \(input.shape)")
    }
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
