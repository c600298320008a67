extension Pad {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (input, sizes) = try single(inputs)
    guard let filling = Filling(rawValue: mode.lowercased()) else {
      let known = Filling.allCases.map(\.rawValue).joined(separator: ", ")
      throw PassError("Pad cannot fill with '\(mode)'", remedy: "it can with \(known)")
    }
    guard filling == .constant || constantValues.isNull else {
      throw PassError("Pad has constant_values, but its mode is '\(mode)'")
    }
    let borders = sizes.indices.map { padWidth.pairs[padWidth.pairs.count == 1 ? 0 : $0] }
    let constants = try constants(rank: input.rank)
    // One axis after the other, each as it has become so far.
    var output = TracedTensor(input)
    for (axis, border) in borders.enumerated() where border.total > 0 {
      let edges =
        switch filling {
        case .constant, .empty:
          (
            TracedTensor.constant(output.value.plane(axis, constants[axis * 2], border.before)),
            TracedTensor.constant(output.value.plane(axis, constants[axis * 2 + 1], border.after))
          )
        default: try TracedTensor(output.value).borders(axis, border, filling)
        }
      output = output.between(edges.0, edges.1, axis: axis)
    }
    return output.pass(in: context)
  }

  /// What each axis is filled with, before and after.
  private func constants(rank: Int) throws(PassError) -> [Float] {
    guard !constantValues.isNull else { return Array(repeating: 0, count: rank * 2) }
    return try constantValues.tensor(for: className).broadcast(to: [rank, 2], for: className).values
  }
}

/// How the new positions of an axis are filled.
///
/// Source: `jax.numpy.pad`.
private enum Filling: String, CaseIterable {
  case constant, empty, edge, reflect, symmetric, wrap
  case maximum, minimum, mean, median
  case ramp = "linear_ramp"
}

extension Tensor {
  /// `count` positions of an axis with the same number everywhere.
  fileprivate func plane(_ axis: Int, _ number: Float, _ count: Int) -> Tensor {
    var sizes = sizes
    sizes[axis] = count
    return Tensor(sizes, repeating: number)
  }
}

extension TracedTensor {
  /// The tensor between two others that were made of it.
  fileprivate func between(
    _ before: TracedTensor, _ after: TracedTensor, axis: Int
  ) -> TracedTensor {
    let first = before.value.sizes[axis]
    let last = first + value.sizes[axis]
    return then(.concatenated([before.value, value, after.value], axis: axis)) { gradient in
      var sum = gradient.slice(axis: axis, first..<last)
      if let back = before.back, first > 0 {
        sum = sum.zipped(with: back(gradient.slice(axis: axis, 0..<first)), +)
      }
      if let back = after.back, gradient.sizes[axis] > last {
        sum = sum.zipped(
          with: back(gradient.slice(axis: axis, last..<gradient.sizes[axis])), +)
      }
      return sum
    }
  }

  /// What stands before and behind an axis.
  fileprivate func borders(
    _ axis: Int, _ border: Border, _ filling: Filling
  ) throws(PassError) -> (TracedTensor, TracedTensor) {
    let size = value.sizes[axis]
    guard size > 0 else {
      throw PassError("Pad finds nothing to fill with: axis \(axis) of \(value.shape) is empty")
    }
    func copied(_ source: (Int) -> Int) -> (TracedTensor, TracedTensor) {
      (
        taking((-border.before..<0).map(source), axis: axis),
        taking((size..<(size + border.after)).map(source), axis: axis)
      )
    }
    func repeated(_ function: ReducingFunction) -> (TracedTensor, TracedTensor) {
      var sizes = value.sizes
      sizes[axis] = 1
      let plane = reduced([axis], function).reshaped(sizes)
      return (
        plane.taking(Array(repeating: 0, count: border.before), axis: axis),
        plane.taking(Array(repeating: 0, count: border.after), axis: axis)
      )
    }
    switch filling {
    case .edge: return copied { min(max($0, 0), size - 1) }
    case .wrap: return copied { modulo($0, size) }
    case .symmetric:
      return copied { position in
        let place = modulo(position, 2 * size)
        return place < size ? place : 2 * size - 1 - place
      }
    case .reflect:
      let period = max(2 * (size - 1), 1)
      return copied { position in
        let place = modulo(position, period)
        return place < size ? place : period - place
      }
    case .maximum: return repeated(.largest)
    case .minimum: return repeated(.smallest)
    case .mean: return repeated(.mean)
    case .median: return repeated(.median)
    case .ramp:
      // From 0 at the outer end to the number at the edge.
      let before = slice(axis: axis, 0..<1).ramp(axis, border.before)
      let after = slice(axis: axis, (size - 1)..<size).ramp(axis, border.after)
      return (before, after.reversed(axis: axis))
    case .constant, .empty:
      return (
        .constant(value.plane(axis, 0, border.before)),
        .constant(value.plane(axis, 0, border.after))
      )
    }
  }

  /// `count` positions that rise from 0 towards the only one of an axis.
  private func ramp(_ axis: Int, _ count: Int) -> TracedTensor {
    let inner = value.sizes[(axis + 1)...].reduce(1, *)
    @Sendable func risen(_ numbers: Tensor) -> Tensor {
      var result = numbers
      for index in result.values.indices {
        result.values[index] *= Float(index / inner % count) / Float(count)
      }
      return result
    }
    let sizes = value.sizes
    let planes = value.taking(Array(repeating: 0, count: count), axis: axis)
    return then(risen(planes)) { risen($0).summed(to: sizes) }
  }
}

/// The remainder from 0 on.
private func modulo(_ a: Int, _ b: Int) -> Int { (a % b + b) % b }
