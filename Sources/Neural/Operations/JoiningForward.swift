extension ConcatenateOperation {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try knownOutputSizes(inputs)
    return Pass(.concatenated(inputs, axis: axis))
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
    return Pass(.concatenated(inputs.map { $0.reshaped(each) }, axis: place))
  }
}

extension Matmul {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try knownOutputSizes(inputs)[0]
    let tensors = try operands.tensors(inputs, count: 2, of: className)
    var (a, b) = (tensors[0], tensors[1])
    if a.rank == 1 { a = a.reshaped([1] + a.sizes) }
    if b.rank == 1 { b = b.reshaped(b.sizes + [1]) }
    let (rows, inner, columns) = (a.sizes[a.rank - 2], b.sizes[b.rank - 2], b.sizes[b.rank - 1])
    // One matrix for all: a single large product.
    if b.rank == 2 { return Pass(a.times(b).reshaped(sizes)) }
    let batch = try batchSizes(a.sizes.dropLast(2), b.sizes.dropLast(2))
    a = try a.broadcast(to: batch + [rows, inner], for: className)
    b = try b.broadcast(to: batch + [inner, columns], for: className)
    return Pass(
      Tensor(sizes) { out in
        a.values.withUnsafeBufferPointer { left in
          b.values.withUnsafeBufferPointer { right in
            for index in 0..<batch.reduce(1, *) {
              multiply(
                rows: rows, columns: columns, inner: inner,
                left.baseAddress.map { $0 + index * rows * inner },
                right.baseAddress.map { $0 + index * inner * columns },
                into: out.baseAddress.map { $0 + index * rows * columns })
            }
          }
        }
      })
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

extension DotOperation {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try knownOutputSizes(inputs)[0]
    let tensors = try operands.tensors(inputs, count: 2, of: className)
    let (a, b) = (tensors[0], tensors[1])
    if a.rank == 0 || b.rank == 0 {
      return Pass(try Tensor.joined(a, b, for: className, *))
    }
    let summed = max(b.rank - 2, 0)
    let inner = b.sizes[summed]
    guard a.sizes[a.rank - 1] == inner else {
      throw PassError("Dot of \(a.shape) and \(b.shape): \(a.sizes[a.rank - 1]) is not \(inner)")
    }
    // The summed axis first, all others of the second operand as columns.
    let others = (0..<b.rank).filter { $0 != summed }
    let columns = others.reduce(1) { $0 * b.sizes[$1] }
    let matrix = b.transposed([summed] + others).reshaped([inner, columns])
    return Pass(a.times(matrix).reshaped(sizes))
  }
}
