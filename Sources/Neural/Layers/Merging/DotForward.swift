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
    let (a, b) = (rows(of: inputs[0], along: axes.0), rows(of: inputs[1], along: axes.1))
    guard b.vectors.sizes[0] == a.vectors.sizes[0] else {
      throw PassError("Dot cannot join \(inputs[0].shape) and \(inputs[1].shape)")
    }
    let output = a.vectors.samples(times: b.vectors, transposed: true).reshaped(sizes[0])
    return Pass(output, in: context) { gradient in
      let (batch, rows, columns) = (a.vectors.sizes[0], a.vectors.sizes[1], b.vectors.sizes[1])
      let gradient = gradient.reshaped([batch, rows, columns])
      return Gradients(inputs: [
        a.gradient(gradient.samples(times: b.vectors)),
        b.gradient(gradient.transposed([0, 2, 1]).samples(times: a.vectors)),
      ])
    }
  }

  private func rows(of tensor: Tensor, along axis: Int) -> DotVectors {
    DotVectors(of: tensor, along: axis, normalize: normalize)
  }
}

/// The vectors of one input of `Dot`.
private struct DotVectors: Sendable {
  /// (batch, all other axes, summed axis), with length 1 along the summed axis if so set.
  let vectors: Tensor
  /// What each vector was multiplied with; `nil`: nothing.
  private let scales: [Float]?
  private let sizes: [Int]
  private let order: [Int]

  /// The largest factor: shorter vectors stay shorter than 1, as `keras.ops.normalize` has it.
  private static let largestScale: Float = 1e7

  init(of tensor: Tensor, along axis: Int, normalize: Bool) {
    let others = (1..<tensor.rank).filter { $0 != axis }
    (order, sizes) = ([0] + others + [axis], tensor.sizes)
    let inOrder = order == Array(sizes.indices)
    let vectors = (inOrder ? tensor : tensor.transposed(order)).reshaped(
      [tensor.sizes[0], others.reduce(1) { $0 * tensor.sizes[$1] }, tensor.sizes[axis]])
    guard normalize else {
      (self.vectors, scales) = (vectors, nil)
      return
    }
    var scales: [Float] = []
    self.vectors = vectors.changingRows(along: [2]) { row in
      var sum: Float = 0
      for number in row { sum += number * number }
      let scale = smaller(1 / sum.squareRoot(), Self.largestScale)
      row.change { $0 * scale }
      scales.append(scale)
    }
    self.scales = scales
  }

  /// The gradient of the input, from that of the vectors.
  func gradient(_ gradient: Tensor) -> Tensor {
    var (result, row) = (gradient, 0)
    if let scales {
      result = gradient.changingRows(along: [2], beside: vectors) { gradients, vector in
        let scale = scales[row]
        row += 1
        // Longer along itself, a vector of length 1 stays as it is.
        var along: Float = 0
        if scale < Self.largestScale {
          for index in vector.indices { along += gradients[index] * vector[index] }
        }
        for index in vector.indices {
          gradients[index] = scale * (gradients[index] - along * vector[index])
        }
      }
    }
    let inOrder = order == Array(sizes.indices)
    result = result.reshaped(order.map { sizes[$0] })
    return inOrder ? result : result.transposed(order.inversePermutation)
  }
}
