// Operations that move numbers and change none.

extension Squeeze {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reshaping(inputs) }
}

extension ExpandDims {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reshaping(inputs) }
}

extension ReshapeOperation {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reshaping(inputs) }
}

extension Ravel {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reshaping(inputs) }
}

extension GraphOperation {
  /// The same numbers under the output's sizes.
  fileprivate func reshaping(_ inputs: [Tensor]) throws(PassError) -> Pass {
    let (input, sizes) = try single(inputs)
    return Pass(input.reshaped(sizes))
  }

  /// The axes in the order that an operation puts them into.
  fileprivate func reordering(
    _ inputs: [Tensor], _ order: (Shape) throws(ShapeError) -> [Int]
  ) throws(PassError) -> Pass {
    guard inputs.count == 1 else {
      throw PassError("\(className) takes one input, found \(inputs.count)")
    }
    do throws(ShapeError) {
      return Pass(inputs[0].transposed(try order(inputs[0].shape)))
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
  }
}

extension Transpose {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reordering(inputs, order(of:)) }
}

extension SwapAxes {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reordering(inputs, order(of:)) }
}

extension MoveAxis {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reordering(inputs, order(of:)) }
}

extension BroadcastTo {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard inputs.count == 1 else {
      throw PassError("BroadcastTo takes one input, found \(inputs.count)")
    }
    // A size that was free when the script named it is the input's own.
    let offset = shape.count - inputs[0].rank
    var filled = self
    for (index, size) in shape.enumerated() where size == nil && index >= offset {
      if offset >= 0 { filled.shape[index] = inputs[0].sizes[index - offset] }
    }
    let (input, sizes) = try filled.single(inputs)
    return Pass(try input.broadcast(to: sizes, for: className))
  }
}

extension Repeat {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (input, sizes) = try single(inputs)
    let source = axis == nil ? input.reshaped([input.count]) : input
    let index = source.axis(axis ?? 0)
    let counts = repeats.indices
    var positions: [Int] = []
    for position in 0..<source.sizes[index] {
      let count = counts[counts.count == 1 ? 0 : position]
      positions.append(contentsOf: repeatElement(position, count: count))
    }
    return Pass(source.taking(positions, axis: index).reshaped(sizes))
  }
}

extension Tile {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (input, sizes) = try single(inputs)
    var output = input.reshaped(Array(repeating: 1, count: sizes.count - input.rank) + input.sizes)
    for axis in sizes.indices where output.sizes[axis] != sizes[axis] {
      let size = output.sizes[axis]
      output = output.taking((0..<sizes[axis]).map { $0 % size }, axis: axis)
    }
    return Pass(output)
  }
}

extension OneHot {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (input, sizes) = try single(inputs)
    let place = axis == -1 ? input.rank : axis
    let inner = input.sizes[place...].reduce(1, *)
    // An index that no class has gives a row of zeros.
    return Pass(
      Tensor(sizes) { out in
        out.update(repeating: 0)
        for (index, value) in input.values.enumerated() {
          guard let hot = Int(exactly: value), hot >= 0, hot < numClasses else { continue }
          let (outer, rest) = (index / inner, index % inner)
          out[(outer * numClasses + hot) * inner + rest] = 1
        }
      })
  }
}

extension Tensor {
  /// The positions `positions` of an axis, in that order; each as often as it stands there.
  ///
  /// - Precondition: the axis has all of them.
  func taking(_ positions: [Int], axis: Int) -> Tensor {
    let (outer, size, inner) = split(at: axis)
    var sizes = sizes
    sizes[axis] = positions.count
    return Tensor(sizes) { out in
      values.withUnsafeBufferPointer { numbers in
        guard let from = numbers.baseAddress, var to = out.baseAddress, inner > 0 else { return }
        for row in 0..<outer {
          for position in positions {
            to.update(from: from + (row * size + position) * inner, count: inner)
            to += inner
          }
        }
      }
    }
  }
}
