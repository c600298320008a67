extension GetItem {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard !isPositionUnknown else {
      throw PassError(
        "which position of the tensor is taken is not known here", remedy: "write it as a number")
    }
    let (input, sizes) = try single(inputs)
    let elements: [Index]
    do throws(ShapeError) {
      elements = try indices()
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
    let named = elements.count { $0 != .newAxis && $0 != .ellipsis }
    var output = TracedTensor(input)
    var axis = 0
    // Positions keep their axis, of size 1, until the end.
    for element in elements {
      switch element {
      case .newAxis: break
      case .ellipsis: axis += input.rank - named
      case .position(let position):
        let index = position < 0 ? position + output.value.sizes[axis] : position
        output = output.slice(axis: axis, index..<(index + 1))
        axis += 1
      case .slice(let start, let stop, let step):
        output = output.sliced(axis: axis, start, stop, step ?? 1)
        axis += 1
      }
    }
    return output.reshaped(sizes).pass(in: context)
  }
}

extension TracedTensor {
  /// The positions of an axis that Python's `slice(start, stop, step)` takes.
  fileprivate func sliced(axis: Int, _ start: Int?, _ stop: Int?, _ step: Int) -> TracedTensor {
    let size = value.sizes[axis]
    let (first, count) = GetItem.run(of: size, start, stop, step)
    if step == 1 {
      return count == size ? self : slice(axis: axis, first..<(first + count))
    }
    // Not first + i × step for i = count, which could be too large.
    return taking((0..<count).map { first + $0 * step }, axis: axis)
  }
}

extension Take {
  /// An index beyond the axis is refused, where Keras gives NaN or another number, depending on
  /// its backend.
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try knownOutputSizes(inputs)[0]
    let tensors = try operands.tensors(inputs, count: 2, of: className)
    let source = axis == nil ? tensors[0].reshaped([tensors[0].count]) : tensors[0]
    let index = source.axis(axis ?? 0)
    let size = source.sizes[index]
    var positions: [Int] = []
    positions.reserveCapacity(tensors[1].count)
    for number in tensors[1].values {
      guard let position = Int(exactly: number) else {
        throw PassError("Take has the index \(number)", remedy: "an index is a whole number")
      }
      guard position >= -size, position < size else {
        throw PassError("Take has the index \(position), found \(size) positions")
      }
      positions.append(position < 0 ? position + size : position)
    }
    let taken = TracedTensor(source).taking(positions, axis: index).reshaped(sizes)
    // The places of a constant are all that there is.
    if operands.constants.first.map({ !$0.isNull }) ?? false {
      return TracedTensor.constant(taken.value).pass(in: context)
    }
    let (sourceSizes, back) = (tensors[0].sizes, taken.back)
    return Pass(taken.value, in: context) { [operands] gradient in
      operands.gradients(of: 2, in: context) { place in
        place == 0 ? back?(gradient).reshaped(sourceSizes) : nil
      }
    }
  }
}

extension Split {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try knownOutputSizes(inputs)
    let input = inputs[0]
    let index = input.axis(axis)
    var start = 0
    let parts = sizes.map { part in
      defer { start += part[index] }
      return input.slice(axis: index, start..<(start + part[index]))
    }
    return Pass(parts, in: context) { Tensor.concatenated($0, axis: index) }
  }
}

extension Unstack {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try knownOutputSizes(inputs)
    let input = inputs[0]
    let index = input.axis(axis)
    guard sizes.count == input.sizes[index] else {
      throw PassError("Unstack makes \(sizes.count) outputs of \(input.sizes[index]) positions")
    }
    let each = input.sizes.enumerated().map { $0.offset == index ? 1 : $0.element }
    let parts = sizes.enumerated().map { position, size in
      input.slice(axis: index, position..<(position + 1)).reshaped(size)
    }
    return Pass(parts, in: context) { gradients in
      Tensor.concatenated(gradients.map { $0.reshaped(each) }, axis: index)
    }
  }
}

extension Pass {
  /// A pass that cut its only input into parts.
  ///
  /// `join` puts gradients of all parts together: zeros of those that do not matter.
  fileprivate init(
    _ parts: [Tensor], in context: PassContext, join: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.init(parts)
    guard context.isDifferentiated else { return }
    let (sizes, isNeeded) = (parts.map(\.sizes), context.needsInputGradients)
    pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      guard isNeeded, !sizes.isEmpty else { return Gradients(nil) }
      return Gradients(join(zip(gradients, sizes).map { $0 ?? Tensor($1) }))
    }
  }
}
