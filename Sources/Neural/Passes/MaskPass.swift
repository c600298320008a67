extension MaskOperation {
  /// Computes the mask, or a step towards it: 1 where true, 0 where not.
  ///
  /// - Throws: `PassError` where the inputs do not fit each other.
  public func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    TracedTensor.constant(try mask(of: inputs)).pass(in: context)
  }

  private func mask(of inputs: [Tensor]) throws(PassError) -> Tensor {
    guard let input = inputs.first else { throw PassError("\(className) takes an input") }
    switch kind {
    case .notEqual(let number):
      let padding = Float(number)
      return input.map { $0 != padding ? 1 : 0 }
    case .any: return input.anyAlongLastAxis()
    case .convertToTensor: return input
    case .onesLike: return Tensor(input.sizes, repeating: 1)
    case .zerosLike: return Tensor(input.sizes)
    case .expandDims: return input.reshaped(input.sizes + [1])
    case .logicalOr:
      guard inputs.count == 2, let result = input.or(inputs[1]) else { throw mismatch(inputs) }
      return result
    case .concatenate(let axis):
      let place = input.axis(axis)
      guard input.sizes.indices.contains(place),
        inputs.allSatisfy({ $0.sizes.setting(place, to: 0) == input.sizes.setting(place, to: 0) })
      else { throw mismatch(inputs) }
      return Tensor.concatenated(inputs, axis: place)
    }
  }

  private func mismatch(_ inputs: [Tensor]) -> PassError {
    let shapes = inputs.map { "\($0.shape)" }.joined(separator: " and ")
    return PassError("masks of the shapes \(shapes) do not fit together")
  }
}

extension Tensor {
  /// 1 where any number of the last axis is not 0.
  fileprivate func anyAlongLastAxis() -> Tensor {
    let width = sizes.last ?? 1
    return Tensor(Array(sizes.dropLast())) { out in
      values.withUnsafeBufferPointer { numbers in
        for row in 0..<out.count {
          out[row] = (0..<width).contains { numbers[row * width + $0] != 0 } ? 1 : 0
        }
      }
    }
  }

  /// 1 where either is not 0; an axis of size 1 stretches to the other's size.
  fileprivate func or(_ other: Tensor) -> Tensor? {
    if sizes == other.sizes { return zipped(with: other) { $0 != 0 || $1 != 0 ? 1 : 0 } }
    guard rank == other.rank else { return nil }
    var joined: [Int] = []
    for (a, b) in zip(sizes, other.sizes) {
      guard a == b || a == 1 || b == 1 else { return nil }
      joined.append(a == 1 ? b : a)
    }
    return stretched(to: joined).zipped(with: other.stretched(to: joined)) {
      $0 != 0 || $1 != 0 ? 1 : 0
    }
  }

  /// Axes of size 1 repeated up to `wanted`.
  private func stretched(to wanted: [Int]) -> Tensor {
    var result = self
    for (axis, size) in wanted.enumerated() where result.sizes[axis] != size {
      result = .concatenated(Array(repeating: result, count: size), axis: axis)
    }
    return result
  }
}

extension [Int] {
  fileprivate func setting(_ index: Int, to value: Int) -> [Int] {
    var copy = self
    if indices.contains(index) { copy[index] = value }
    return copy
  }
}
