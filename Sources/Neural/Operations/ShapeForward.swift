// Operations that move numbers and change none.

extension Squeeze {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reshaping(inputs, in: context) }
}

extension ExpandDims {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reshaping(inputs, in: context) }
}

extension ReshapeOperation {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reshaping(inputs, in: context) }
}

extension Ravel {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reshaping(inputs, in: context) }
}

extension GraphOperation {
  /// The same numbers under the output's sizes.
  fileprivate func reshaping(
    _ inputs: [Tensor], in context: PassContext
  ) throws(PassError) -> Pass {
    let (input, sizes) = try single(inputs)
    return TracedTensor(input).reshaped(sizes).pass(in: context)
  }

  /// The axes in the order that an operation puts them into.
  fileprivate func reordering(
    _ inputs: [Tensor], in context: PassContext, _ order: (Shape) throws(ShapeError) -> [Int]
  ) throws(PassError) -> Pass {
    guard inputs.count == 1 else {
      throw PassError("\(className) takes one input, found \(inputs.count)")
    }
    do throws(ShapeError) {
      return TracedTensor(inputs[0]).transposed(try order(inputs[0].shape)).pass(in: context)
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
  }
}

extension Transpose {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reordering(inputs, in: context, order(of:)) }
}

extension SwapAxes {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reordering(inputs, in: context, order(of:)) }
}

extension MoveAxis {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass { try reordering(inputs, in: context, order(of:)) }
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
    return try TracedTensor(input).broadcast(to: sizes, for: className).pass(in: context)
  }
}

extension Repeat {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (input, sizes) = try single(inputs)
    let source = axis == nil ? TracedTensor(input).reshaped([input.count]) : TracedTensor(input)
    let index = source.value.axis(axis ?? 0)
    let counts = repeats.indices
    var positions: [Int] = []
    for position in 0..<source.value.sizes[index] {
      let count = counts[counts.count == 1 ? 0 : position]
      positions.append(contentsOf: repeatElement(position, count: count))
    }
    return source.taking(positions, axis: index).reshaped(sizes).pass(in: context)
  }
}

extension Tile {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (input, sizes) = try single(inputs)
    let missing = Array(repeating: 1, count: sizes.count - input.rank)
    var output = TracedTensor(input).reshaped(missing + input.sizes)
    for axis in sizes.indices where output.value.sizes[axis] != sizes[axis] {
      let size = output.value.sizes[axis]
      output = output.taking((0..<sizes[axis]).map { $0 % size }, axis: axis)
    }
    return output.pass(in: context)
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
    let rows = Tensor(sizes) { out in
      out.update(repeating: 0)
      for (index, value) in input.values.enumerated() {
        guard let hot = Int(exactly: value), hot >= 0, hot < numClasses else { continue }
        let (outer, rest) = (index / inner, index % inner)
        out[(outer * numClasses + hot) * inner + rest] = 1
      }
    }
    return TracedTensor.constant(rows).pass(in: context)
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
