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
    var output = input
    for (axis, border) in borders.enumerated() where border.total > 0 {
      let edges =
        switch filling {
        case .constant, .empty:
          (
            output.plane(axis, constants[axis * 2], border.before),
            output.plane(axis, constants[axis * 2 + 1], border.after)
          )
        default: try output.borders(axis, border, filling)
        }
      output = .concatenated([edges.0, output, edges.1], axis: axis)
    }
    return Pass(output)
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

  /// What stands before and behind an axis.
  fileprivate func borders(
    _ axis: Int, _ border: Border, _ filling: Filling
  ) throws(PassError) -> (Tensor, Tensor) {
    let size = sizes[axis]
    guard size > 0 else {
      throw PassError("Pad finds nothing to fill with: axis \(axis) of \(shape) is empty")
    }
    func copied(_ source: (Int) -> Int) -> (Tensor, Tensor) {
      (
        taking((-border.before..<0).map(source), axis: axis),
        taking((size..<(size + border.after)).map(source), axis: axis)
      )
    }
    func repeated(_ plane: Tensor) -> (Tensor, Tensor) {
      (
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
    case .maximum: return repeated(statistic(axis) { largest($0) })
    case .minimum: return repeated(statistic(axis) { smallest($0) })
    case .mean:
      return repeated(
        statistic(axis) { Float($0.reduce(0.0) { $0 + Double($1) } / Double($0.count)) })
    case .median: return repeated(statistic(axis) { middle($0) })
    case .ramp:
      // From 0 at the outer end to the number at the edge.
      let before = slice(axis: axis, 0..<1).ramps(axis, border.before)
      let after = slice(axis: axis, (size - 1)..<size).ramps(axis, border.after)
      return (before, after.reversed(axis: axis))
    case .constant, .empty: return (plane(axis, 0, border.before), plane(axis, 0, border.after))
    }
  }

  /// One number of all those along an axis, which stays, of size 1.
  private func statistic(
    _ axis: Int, _ make: (UnsafeBufferPointer<Float>) -> Float
  ) -> Tensor {
    var sizes = sizes
    sizes[axis] = 1
    return reduced([axis], make).reshaped(sizes)
  }

  /// `count` positions that rise from 0 towards the only one of an axis.
  private func ramps(_ axis: Int, _ count: Int) -> Tensor {
    let planes = (0..<count).map { step in
      map { $0 * (Float(step) / Float(count)) }
    }
    return planes.isEmpty ? plane(axis, 0, 0) : .concatenated(planes, axis: axis)
  }
}

/// The remainder from 0 on.
private func modulo(_ a: Int, _ b: Int) -> Int { (a % b + b) % b }
