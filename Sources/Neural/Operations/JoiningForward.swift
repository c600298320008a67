extension ConcatenateOperation {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try knownOutputSizes(inputs)
    return .joining(inputs, axis: axis, in: context)
  }
}

extension Stack {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try knownOutputSizes(inputs)[0]
    let place = axis < 0 ? axis + sizes.count : axis
    var each = sizes
    each[place] = 1
    return .joining(inputs, as: each, axis: place, in: context)
  }
}

extension Pass {
  /// A pass that puts its inputs side by side along an axis, each with the sizes `each`, or its own.
  fileprivate static func joining(
    _ inputs: [Tensor], as each: [Int]? = nil, axis: Int, in context: PassContext
  ) -> Pass {
    let parts = inputs.map { $0.reshaped(each ?? $0.sizes) }
    let index = parts[0].axis(axis)
    let (sizes, lengths) = (inputs.map(\.sizes), parts.map { $0.sizes[index] })
    return Pass(.concatenated(parts, axis: index), in: context) { gradient in
      guard context.needsInputGradients else { return Gradients(inputs: []) }
      var start = 0
      return Gradients(
        inputs: zip(sizes, lengths).map { sizes, length in
          defer { start += length }
          return gradient.slice(axis: index, start..<(start + length)).reshaped(sizes)
        })
    }
  }
}

extension Matmul {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try knownOutputSizes(inputs)[0]
    let tensors = try operands.tensors(inputs, count: 2, of: className)
    let (first, second) = (tensors[0], tensors[1])
    let a = first.rank == 1 ? first.reshaped([1] + first.sizes) : first
    let b = second.rank == 1 ? second.reshaped(second.sizes + [1]) : second
    // One matrix for all: a single large product.
    if b.rank == 2 {
      return Pass(a.times(b).reshaped(sizes), in: context) { [operands] gradient in
        let gradient = gradient.reshaped(a.sizes.dropLast() + [b.sizes[1]])
        return operands.gradients(of: 2, in: context) { place in
          place == 0
            ? gradient.times(transposed: b).reshaped(first.sizes)
            : a.transposedTimes(gradient).reshaped(second.sizes)
        }
      }
    }
    let (left, right) = (Array(a.sizes.suffix(2)), Array(b.sizes.suffix(2)))
    let batch = try batchSizes(a.sizes.dropLast(2), b.sizes.dropLast(2))
    let one = try a.broadcast(to: batch + left, for: className)
    let other = try b.broadcast(to: batch + right, for: className)
    let product = Tensor.matrixProducts(one, other)
    return Pass(product.reshaped(sizes), in: context) { [operands] gradient in
      let gradient = gradient.reshaped(batch + [left[0], right[1]])
      return operands.gradients(of: 2, in: context) { place in
        place == 0
          ? Tensor.matrixProducts(gradient, other, transposesSecond: true)
            .summed(to: a.sizes).reshaped(first.sizes)
          : Tensor.matrixProducts(one, gradient, transposesFirst: true)
            .summed(to: b.sizes).reshaped(second.sizes)
      }
    }
  }

  private func batchSizes(
    _ first: ArraySlice<Int>, _ second: ArraySlice<Int>
  ) throws(PassError) -> [Int] {
    do throws(ShapeError) {
      return try [Shape(sizes: Array(first)), Shape(sizes: Array(second))]
        .broadcast(by: className).sizes.compactMap(\.self)
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
  }
}

extension Tensor {
  /// The product of each matrix of one tensor with that of the other: the last two axes, the axes
  /// before them being equal.
  fileprivate static func matrixProducts(
    _ a: Tensor, _ b: Tensor, transposesFirst: Bool = false, transposesSecond: Bool = false
  ) -> Tensor {
    let batch = a.sizes.dropLast(2)
    let (first, second) = (Array(a.sizes.suffix(2)), Array(b.sizes.suffix(2)))
    let (rows, inner) = transposesFirst ? (first[1], first[0]) : (first[0], first[1])
    let columns = transposesSecond ? second[0] : second[1]
    return Tensor(batch + [rows, columns]) { out in
      a.values.withUnsafeBufferPointer { left in
        b.values.withUnsafeBufferPointer { right in
          for index in 0..<batch.reduce(1, *) {
            multiply(
              rows: rows, columns: columns, inner: inner,
              left.baseAddress.map { $0 + index * rows * inner }, transposesA: transposesFirst,
              right.baseAddress.map { $0 + index * inner * columns }, transposesB: transposesSecond,
              into: out.baseAddress.map { $0 + index * rows * columns })
          }
        }
      }
    }
  }
}

extension DotOperation {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try knownOutputSizes(inputs)[0]
    let tensors = try operands.tensors(inputs, count: 2, of: className)
    let (a, b) = (tensors[0], tensors[1])
    if a.rank == 0 || b.rank == 0 {
      let product = try Tensor.joined(a, b, for: className, JoiningFunction.product.value)
      return Pass(product, in: context) { [operands] gradient in
        operands.gradients(of: 2, in: context) { place in
          JoiningFunction.product.gradient(gradient, ofFirst: place == 0, a, b, product)
        }
      }
    }
    let summed = max(b.rank - 2, 0)
    let inner = b.sizes[summed]
    guard a.sizes[a.rank - 1] == inner else {
      throw PassError("Dot of \(a.shape) and \(b.shape): \(a.sizes[a.rank - 1]) is not \(inner)")
    }
    // The summed axis first, all others of the second operand as columns.
    let order = [summed] + (0..<b.rank).filter { $0 != summed }
    let turned = b.transposed(order)
    let columns = turned.sizes.dropFirst().reduce(1, *)
    let matrix = turned.reshaped([inner, columns])
    return Pass(a.times(matrix).reshaped(sizes), in: context) { [operands] gradient in
      let gradient = gradient.reshaped(a.sizes.dropLast() + [columns])
      return operands.gradients(of: 2, in: context) { place in
        place == 0
          ? gradient.times(transposed: matrix)
          : a.transposedTimes(gradient).reshaped(turned.sizes)
            .transposed(order.inversePermutation)
      }
    }
  }
}
