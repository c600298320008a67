/// The way back from what an equation made to its operands.
struct EinsumWay: Sendable {
  fileprivate let first: PreparedOperand
  fileprivate let steps: [Join]

  /// The gradient of each operand, from that of the result.
  ///
  /// - Parameters:
  ///   - gradient: how the loss changes with the result.
  ///   - needed: for which operands it is asked for; `nil`: for all.
  /// - Returns: a gradient for each operand; `nil` where nobody needs it.
  func gradients(_ gradient: Tensor, needed: [Bool]? = nil) -> [Tensor?] {
    let needed = needed ?? Array(repeating: true, count: steps.count + 1)
    var gradient = gradient
    var result: [Tensor?] = []
    for (index, step) in steps.enumerated().reversed() {
      result.append(needed[index + 1] ? step.second.traced.back?(step.toSecond(gradient)) : nil)
      guard needed[...index].contains(true) else {
        return Array(repeating: nil, count: index + 1) + result.reversed()
      }
      gradient = step.toFirst(gradient)
    }
    result.append(needed[0] ? first.traced.back?(gradient) : nil)
    return result.reversed()
  }
}

extension EinsumEquation {
  /// Computes the result: operands are joined one after the other.
  ///
  /// - Returns: the result, and the way back to the operands.
  /// - Throws: `PassError` where the operands do not fit the equation, or what is made on the way
  ///   would take more memory than a pass may.
  func result(of operands: [Tensor]) throws(PassError) -> (Tensor, EinsumWay) {
    let (axes, sizes) = try fitted(operands)
    try check(axes.result, sizes)
    // An axis of 1 beside a longer one is read again and again, as if it were not there.
    let labels = zip(operands, axes.operands).map { operand, labels in
      zip(operand.sizes, labels).filter { $0 != 1 || sizes[$1] == 1 }.map(\.1)
    }
    var parts = operands.indices.map { index in
      let others = labels[..<index] + labels[(index + 1)...]
      return PreparedOperand(
        operands[index], axes.operands[index], keeping: Set(axes.result + others.joined()), sizes)
    }
    guard parts.count > 1 else {
      parts[0].order(by: axes.result)
      return (parts[0].traced.value, EinsumWay(first: parts[0], steps: []))
    }
    var steps: [Join] = []
    var (joined, joinedLabels) = (parts[0].traced.value, parts[0].labels)
    for (index, part) in parts.enumerated().dropFirst() {
      let later = Set(axes.result + parts[(index + 1)...].flatMap(\.labels))
      let both = joinedLabels + part.labels.filter { !joinedLabels.contains($0) }
      let kept = index == parts.count - 1 ? axes.result : both.filter { later.contains($0) }
      try check(kept, sizes)
      let step = Join(first: joined, firstLabels: joinedLabels, second: part, labels: kept)
      (joined, joinedLabels) = (step.product, kept)
      steps.append(step)
    }
    return (joined, EinsumWay(first: parts[0], steps: steps))
  }

  /// An equation for numbers.
  ///
  /// - Throws: `PassError` where it is none.
  static func parsed(_ text: String) throws(PassError) -> EinsumEquation {
    do throws(ShapeError) {
      return try EinsumEquation(text)
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
  }

  private func fitted(_ operands: [Tensor]) throws(PassError) -> (Axes, [Label: Int]) {
    let shapes = operands.map(\.shape)
    do throws(ShapeError) {
      let axes = try axes(of: shapes)
      let sizes = try sizes(of: axes, in: shapes).mapValues { $0.size ?? 1 }
      return (axes, sizes)
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
  }

  private func check(_ labels: [Label], _ sizes: [Label: Int]) throws(PassError) {
    let count = Count.product(labels.map { max(sizes[$0] ?? 1, 1) })
    try MemoryLimit.standard.check(
      count * 4, what: "what '\(text)' makes", remedy: "use fewer samples or timesteps")
  }
}

/// One product on the way: of what was joined so far and the next operand.
private struct Join: Sendable {
  var first: Tensor
  var firstLabels: [EinsumEquation.Label]
  var second: PreparedOperand
  /// The labels of the product.
  var labels: [EinsumEquation.Label]

  var product: Tensor {
    .product(first, firstLabels, second.traced.value, second.labels, to: labels)
  }

  func toFirst(_ gradient: Tensor) -> Tensor {
    .product(gradient, labels, second.traced.value, second.labels, to: firstLabels)
  }

  func toSecond(_ gradient: Tensor) -> Tensor {
    .product(gradient, labels, first, firstLabels, to: second.labels)
  }
}

/// An operand of which every axis is needed elsewhere, each under one label: diagonals are taken,
/// axes that are repeated beside longer ones are gone, and those of this operand alone are summed.
private struct PreparedOperand: Sendable {
  private(set) var traced: TracedTensor
  private(set) var labels: [EinsumEquation.Label]

  /// Prepares an operand.
  ///
  /// - Parameters:
  ///   - tensor: its numbers.
  ///   - given: its axes.
  ///   - kept: the axes that are needed elsewhere.
  ///   - sizes: the size of every axis of the equation.
  init(
    _ tensor: Tensor, _ given: [EinsumEquation.Label], keeping kept: Set<EinsumEquation.Label>,
    _ sizes: [EinsumEquation.Label: Int]
  ) {
    var labels = given
    var traced = TracedTensor(tensor)
    while let axis = labels.indices.first(where: { labels[..<$0].contains(labels[$0]) }),
      let first = labels.firstIndex(of: labels[axis])
    {
      traced = traced.diagonal(first, axis)
      labels.remove(at: axis)
    }
    let isStretched = zip(traced.value.sizes, labels).map { $0 == 1 && sizes[$1] != 1 }
    let isSummed = labels.map { !kept.contains($0) }
    if isSummed.contains(true) {
      let full = traced.value.sizes
      let sums = zip(full, isSummed).map { $1 ? 1 : $0 }
      traced = traced.then(traced.value.summed(to: sums)) { $0.broadcast(to: full) ?? $0 }
    }
    let keeps = zip(isStretched, isSummed).map { !$0 && !$1 }
    traced = traced.reshaped(zip(traced.value.sizes, keeps).filter(\.1).map(\.0))
    self.traced = traced
    self.labels = zip(labels, keeps).filter(\.1).map(\.0)
  }

  /// Puts the axes in this order.
  mutating func order(by wanted: [EinsumEquation.Label]) {
    traced = traced.transposed(wanted.compactMap { labels.firstIndex(of: $0) })
    labels = wanted
  }
}

extension TracedTensor {
  /// The numbers whose places on two axes are equal; the second axis is gone.
  fileprivate func diagonal(_ first: Int, _ second: Int) -> TracedTensor {
    let sizes = value.sizes
    let width = sizes[second]
    // Both axes at the end as one, of which every (width + 1)-th place is on the diagonal.
    let order = sizes.indices.filter { $0 != first && $0 != second } + [first, second]
    let outer = order.dropLast(2).map { sizes[$0] }
    let line = transposed(order).reshaped(outer + [width * width])
      .taking((0..<width).map { $0 * (width + 1) }, axis: outer.count)
    var back = Array(0..<outer.count)
    back.insert(outer.count, at: first < second ? first : first - 1)
    return line.transposed(back)
  }
}
