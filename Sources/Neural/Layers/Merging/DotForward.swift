#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Dot {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try outputSizes(for: inputs)
    let axes: (Int, Int)
    do throws(ShapeError) {
      axes = try summedAxes(inputs[0].shape, inputs[1].shape)
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
    let a = rows(of: inputs[0], along: axes.0)
    let b = rows(of: inputs[1], along: axes.1)
    let (batch, inner) = (a.sizes[0], a.sizes[2])
    let (rows, columns) = (a.sizes[1], b.sizes[1])
    guard b.sizes[0] == batch else {
      throw PassError("Dot cannot join \(inputs[0].shape) and \(inputs[1].shape)")
    }
    return Pass(
      Tensor(sizes[0]) { out in
        a.values.withUnsafeBufferPointer { first in
          b.values.withUnsafeBufferPointer { second in
            for sample in 0..<batch {
              multiply(
                rows: rows, columns: columns, inner: inner,
                first.baseAddress.map { $0 + sample * rows * inner },
                second.baseAddress.map { $0 + sample * columns * inner }, transposesB: true,
                into: out.baseAddress.map { $0 + sample * rows * columns })
            }
          }
        }
      })
  }

  /// (batch, all other axes, summed axis), with length 1 along the summed axis if so set.
  private func rows(of tensor: Tensor, along axis: Int) -> Tensor {
    let others = (1..<tensor.rank).filter { $0 != axis }
    let rows = tensor.transposed([0] + others + [axis]).reshaped(
      [tensor.sizes[0], others.reduce(1) { $0 * tensor.sizes[$1] }, tensor.sizes[axis]])
    guard normalize else { return rows }
    return rows.changingRows(along: [2]) { row in
      var sum: Float = 0
      for number in row { sum += number * number }
      let scale = smaller(1 / sum.squareRoot(), 1e7)
      row.change { $0 * scale }
    }
  }
}
