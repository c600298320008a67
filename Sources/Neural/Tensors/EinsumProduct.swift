import VectorKernels

// The product of two operands of einsum, as products of matrices.

extension Tensor {
  /// The sums of products of two tensors over the axes that the result does not have.
  ///
  /// Axes that all three have number matrices, those of one operand alone are rows or columns,
  /// and those that the result leaves out are summed. Operands are read where they lie, unless
  /// their axes stand in an order that no matrix has.
  ///
  /// - Precondition: labels stand once in each list and have one size; those of an operand stand
  ///   in the other one or in the result, and those of the result in an operand.
  static func product<Label: Hashable>(
    _ a: Tensor, _ aLabels: [Label], _ b: Tensor, _ bLabels: [Label], to labels: [Label]
  ) -> Tensor {
    let first = LabelledTensor(a, aLabels)
    let second = LabelledTensor(b, bLabels)
    let batch = labels.filter { aLabels.contains($0) && bLabels.contains($0) }
    let rows = labels.filter { !bLabels.contains($0) }
    let columns = labels.filter { !aLabels.contains($0) }
    let inner = aLabels.filter { !labels.contains($0) }
    if inner.isEmpty, rows.isEmpty || columns.isEmpty {
      let (one, other) = (first.spread(over: labels), second.spread(over: labels))
      return one.broadcast(with: other, *) ?? one
    }
    let sizes = labels.map { first.size(of: $0) ?? second.size(of: $0) ?? 1 }
    let layout = LabelledTensor.Layout(labels, sizes)
    if layout.isMatrix(rows, columns) {
      return multiplied(first, second, batch, rows, inner, columns, layout)
    }
    if layout.isMatrix(columns, rows) {
      return multiplied(second, first, batch, columns, inner, rows, layout)
    }
    let order = batch + rows + columns
    let plain = LabelledTensor.Layout(
      order, order.map { first.size(of: $0) ?? second.size(of: $0) ?? 1 })
    return multiplied(first, second, batch, rows, inner, columns, plain)
      .transposed(labels.map { label in order.firstIndex(of: label) ?? 0 })
  }

  /// A product of matrices for each place of the `batch` axes.
  private static func multiplied<Label>(
    _ a: LabelledTensor<Label>, _ b: LabelledTensor<Label>, _ batch: [Label], _ rows: [Label],
    _ inner: [Label], _ columns: [Label], _ layout: LabelledTensor<Label>.Layout
  ) -> Tensor {
    let left = a.matrix(rows, inner, batch: batch)
    let right = b.matrix(inner, columns, batch: batch)
    let counts = batch.map { layout.size(of: $0) }
    let steps = batch.map { layout.stride(of: $0) }
    return Tensor(layout.sizes) { out in
      left.tensor.values.withUnsafeBufferPointer { first in
        right.tensor.values.withUnsafeBufferPointer { second in
          guard let to = out.baseAddress, !out.isEmpty else { return }
          guard let from = first.baseAddress, let other = second.baseAddress, left.columns > 0
          else { return out.update(repeating: 0) }
          var product = MatrixProduct()
          (product.rows, product.columns, product.inner) = (left.rows, right.columns, left.columns)
          (product.a, product.aStride, product.transposesA) = (from, left.stride, left.isTransposed)
          (product.b, product.bStride, product.transposesB) = (
            other, right.stride, right.isTransposed
          )
          product.out = to
          product.outStride = layout.rowStride(rows, columns)
          multiplyEach(product, counts, left.steps, right.steps, steps)
        }
      }
    }
  }

  /// Multiplies at each place of axes of these sizes, whose steps in the three tensors are known.
  private static func multiplyEach(
    _ product: MatrixProduct, _ counts: [Int], _ aSteps: [Int], _ bSteps: [Int], _ outSteps: [Int]
  ) {
    let count = counts.reduce(1, *)
    @Sendable func multiply(_ range: Range<Int>) {
      for index in range {
        var part = product
        var rest = index
        for axis in counts.indices.reversed() {
          let place = rest % counts[axis]
          rest /= counts[axis]
          part.a += place * aSteps[axis]
          part.b += place * bSteps[axis]
          part.out += place * outSteps[axis]
        }
        part.multiply()
      }
    }
    // A large product shares its own work; many small ones are shared among the threads.
    let each = Double(product.rows) * Double(product.columns) * Double(product.inner)
    guard each < 4e6, each * Double(count) >= 4e6, count > 1 else { return multiply(0..<count) }
    let parts = min(count, 4 * processorCount)
    concurrently(parts) { part in
      multiply((part * count / parts)..<((part + 1) * count / parts))
    }
  }
}

/// A tensor whose axes have names.
private struct LabelledTensor<Label: Hashable> {
  /// Where axes stand in memory.
  struct Layout {
    let labels: [Label]
    let sizes: [Int]
    private let strides: [Int]

    init(_ labels: [Label], _ sizes: [Int]) {
      self.labels = labels
      self.sizes = sizes
      var strides = Array(repeating: 1, count: sizes.count)
      for axis in sizes.indices.dropLast().reversed() {
        strides[axis] = strides[axis + 1] * sizes[axis + 1]
      }
      self.strides = strides
    }

    func size(of label: Label) -> Int { labels.firstIndex(of: label).map { sizes[$0] } ?? 1 }
    func stride(of label: Label) -> Int { labels.firstIndex(of: label).map { strides[$0] } ?? 0 }

    /// Several axes as one, in this order; `nil` where that is no axis with one step.
    func joined(_ group: [Label]) -> (count: Int, stride: Int)? {
      var (count, step): (Int, Int?) = (1, nil)
      for label in group.reversed() {
        let size = size(of: label)
        guard size != 1 else { continue }
        if let step, stride(of: label) != step * count { return nil }
        step = step ?? stride(of: label)
        count *= size
      }
      return (count, step ?? 1)
    }

    /// Whether the axes are rows and columns of matrices, whose columns lie side by side.
    func isMatrix(_ rows: [Label], _ columns: [Label]) -> Bool {
      guard joined(rows) != nil, let columns = joined(columns) else { return false }
      return columns.count == 1 || columns.stride == 1
    }

    /// How far rows lie apart.
    func rowStride(_ rows: [Label], _ columns: [Label]) -> Int {
      let width = max(joined(columns)?.count ?? 1, 1)
      guard let rows = joined(rows), rows.count > 1 else { return width }
      return max(rows.stride, 1)
    }
  }

  /// Matrices in a tensor: one for each place of some axes.
  struct Matrices {
    var tensor: Tensor
    var rows: Int
    var columns: Int
    /// How far rows lie apart; columns where it is transposed.
    var stride: Int
    /// Whether columns lie behind each other, not rows.
    var isTransposed = false
    /// How far the matrices lie apart, along each axis.
    var steps: [Int]
  }

  let tensor: Tensor
  let layout: Layout

  init(_ tensor: Tensor, _ labels: [Label]) {
    self.tensor = tensor
    layout = Layout(labels, tensor.sizes)
  }

  func size(of label: Label) -> Int? {
    layout.labels.contains(label) ? layout.size(of: label) : nil
  }

  /// The tensor with its axes in the order of `labels`, and an axis of 1 for each that it lacks.
  func spread(over labels: [Label]) -> Tensor {
    let own = labels.filter { layout.labels.contains($0) }
    return ordered(own).reshaped(labels.map { layout.size(of: $0) })
  }

  /// The matrices that the axes make, copied only where their order asks for it.
  func matrix(_ rows: [Label], _ columns: [Label], batch: [Label]) -> Matrices {
    let steps = batch.map { layout.stride(of: $0) }
    if layout.isMatrix(rows, columns), let height = layout.joined(rows),
      let width = layout.joined(columns)
    {
      return Matrices(
        tensor: tensor, rows: height.count, columns: width.count,
        stride: layout.rowStride(rows, columns), steps: steps)
    }
    if layout.isMatrix(columns, rows), let height = layout.joined(rows),
      let width = layout.joined(columns)
    {
      return Matrices(
        tensor: tensor, rows: height.count, columns: width.count,
        stride: layout.rowStride(columns, rows), isTransposed: true, steps: steps)
    }
    let order = batch + rows + columns
    return LabelledTensor(ordered(order), order).matrix(rows, columns, batch: batch)
  }

  private func ordered(_ labels: [Label]) -> Tensor {
    let order = labels.compactMap { layout.labels.firstIndex(of: $0) }
    return order == Array(order.indices) ? tensor : tensor.transposed(order)
  }
}
