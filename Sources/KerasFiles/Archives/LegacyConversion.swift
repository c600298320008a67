import Neural

/// How the arrays that an older Keras kept for one layer become the weights of today.
///
/// Source: `preprocess_weights_for_loading` in `tf_keras/src/saving/legacy/hdf5_format.py`.
struct LegacyConversion: Sendable {
  /// What an array, or some, must become.
  private enum Step: Hashable {
    /// Three arrays for each gate, in Keras 1's order of gates: kernel, recurrent kernel, bias.
    case joiningGates(order: [Int])
    /// Kernels as cuDNN keeps them, and a bias for each of its two products.
    case fromCuDNN(gates: Int, addsBiases: Bool)
    /// Kernels of convolutions with the channels in front.
    case kernelToBack([Int], sizes: [Int])
    /// Kernels of Theano, whose convolutions go through them from behind.
    case reversingKernel(axes: Int)
    /// Parts of the last axis times a number.
    case scaling(Float, blocks: [Int], of: Int, weights: ClosedRange<Int>)
  }

  private var steps: [Step] = []

  /// Whether the arrays are the weights as they are.
  var isIdentity: Bool { steps.isEmpty }

  /// What the arrays of one layer need to become its weights; `nil` where they cannot be.
  ///
  /// - Parameters:
  ///   - layer: the layer, a direction of a bidirectional one.
  ///   - found: the sizes of the arrays in the file.
  ///   - expected: the sizes of its weights.
  ///   - file: what wrote them.
  init?(
    _ layer: NamedLayer, found: [[Int]], expected: [[Int]],
    from file: (isKeras3: Bool, backend: String?)
  ) {
    if found != expected {
      guard let step = Self.step(layer, found: found, expected: expected) else { return nil }
      steps.append(step)
    }
    guard !file.isKeras3 else { return }
    if file.backend == "theano", let convolution = layer.layer as? any ConvolutionLayer {
      steps.append(.reversingKernel(axes: type(of: convolution).spatialRank))
    }
    if let scaling = Self.scaling(layer, expected) { steps.append(scaling) }
  }

  /// How many arrays Keras 1 kept for a layer where there are three weights today.
  static func formerCount(_ layer: NamedLayer) -> Int? {
    guard let recurrent = layer.computing as? any RecurrentLayer, recurrent.options.useBias else {
      return nil
    }
    return recurrent is LSTM ? 12 : recurrent is GRU ? 9 : nil
  }

  private static func step(
    _ layer: NamedLayer, found: [[Int]], expected: [[Int]]
  ) -> Step? {
    if let recurrent = layer.computing as? any RecurrentLayer {
      let (units, gates) = (recurrent.units, type(of: recurrent).gates.count)
      if found.count == formerCount(layer), let features = expected.first?.first {
        let each = [[features, units], [units, units], [units]]
        guard found.indices.allSatisfy({ found[$0] == each[$0 % 3] }) else { return nil }
        if recurrent is LSTM { return .joiningGates(order: [0, 2, 1, 3]) }
        // Keras 1 had one bias.
        guard expected.last?.count == 1 else { return nil }
        return .joiningGates(order: [0, 1, 2])
      }
      guard gates > 1, found.count == 3, found.prefix(2) == expected.prefix(2),
        found[2] == [2 * gates * units]
      else { return nil }
      if recurrent is LSTM { return .fromCuDNN(gates: gates, addsBiases: true) }
      return expected[2] == [2, gates * units] ? .fromCuDNN(gates: gates, addsBiases: false) : nil
    }
    guard let convolution = layer.layer as? any ConvolutionLayer, found.count == expected.count,
      found.dropFirst() == expected.dropFirst(), let kernel = found.first,
      let target = expected.first
    else { return nil }
    return kernelToBack(kernel, target, spatialRank: type(of: convolution).spatialRank)
  }

  /// The axes of a kernel of Keras 1, which may have had its channels in front, and a second axis
  /// of size 1 in sequences.
  private static func kernelToBack(
    _ found: [Int], _ expected: [Int], spatialRank: Int
  ) -> Step? {
    let rank = found.count
    guard rank == max(spatialRank, 2) + 2 else { return nil }
    let orders: [[Int]] = [
      Array(0..<rank), Array(2..<rank) + [1, 0], Array(2..<rank) + [0, 1],
    ]
    let wanted =
      spatialRank == 1 && expected.count == 3
      ? [expected[0], 1] + expected.dropFirst() : expected
    return orders.first { $0.map { found[$0] } == wanted }
      .map { .kernelToBack($0, sizes: expected) }
  }

  // MARK: hard_sigmoid

  /// The slope of Keras 2's `hard_sigmoid`, 0.2, by that of Keras 3's, 1 ∕ 6.
  ///
  /// Both go from 0 to 1 in a straight line through (0, 0.5): what is 1.2 times as much before
  /// the one of Keras 3 gives the same behind it. Keras 3 itself opens such files and gives other
  /// outputs.
  private static let slope: Float = 1.2

  private static func scaling(_ layer: NamedLayer, _ expected: [[Int]]) -> Step? {
    let all = 0...max(expected.count - 1, 0)
    switch layer.computing {
    case let lstm as LSTM where lstm.recurrentActivation.name == "hard_sigmoid":
      return .scaling(slope, blocks: [0, 1, 3], of: 4, weights: all)
    case let gru as GRU where gru.recurrentActivation.name == "hard_sigmoid":
      return .scaling(slope, blocks: [0, 1], of: 3, weights: all)
    case is SeparableConv1D, is SeparableConv2D:
      // The first of its kernels works before the second, which alone is followed by the function.
      return isHardSigmoid(layer)
        ? .scaling(slope, blocks: [0], of: 1, weights: 1...max(all.upperBound, 1)) : nil
    case is SimpleRNN, is Dense, is any ConvolutionLayer:
      return isHardSigmoid(layer) ? .scaling(slope, blocks: [0], of: 1, weights: all) : nil
    default: return nil
    }
  }

  private static func isHardSigmoid(_ layer: NamedLayer) -> Bool {
    layer.layer.value(of: "activation")?.stringValue == "hard_sigmoid"
  }

  /// Whether the weights of a layer are scaled, so that Keras 3's `hard_sigmoid` does what that
  /// of Keras 2 did.
  static func scales(_ layer: NamedLayer) -> Bool { scaling(layer, [[]]) != nil }

  /// Whether a layer applies `hard_sigmoid` where no weight of its own can make up for its slope.
  static func differs(_ layer: NamedLayer) -> Bool {
    switch layer.computing {
    case is LSTM, is GRU, is ActivationLayer: isHardSigmoid(layer)
    default: false
    }
  }

  // MARK: Numbers

  /// The weights that the arrays become.
  func callAsFunction(_ arrays: [Tensor]) -> [Tensor] {
    steps.reduce(arrays) { arrays, step in
      switch step {
      case .joiningGates(let order): Self.joined(arrays, order)
      case .fromCuDNN(let gates, let addsBiases):
        [
          Self.cuDNNKernel(arrays[0], gates), Self.cuDNNRecurrentKernel(arrays[1], gates),
          Self.cuDNNBias(arrays[2], addsBiases),
        ]
      case .kernelToBack(let axes, let sizes):
        [Self.moved(arrays[0], axes, sizes)] + arrays.dropFirst()
      case .reversingKernel(let axes): [Self.reversed(arrays[0], axes)] + arrays.dropFirst()
      case .scaling(let factor, let blocks, let count, let weights):
        arrays.enumerated().map { index, array in
          weights.contains(index) ? Self.scaled(array, factor, blocks, of: count) : array
        }
      }
    }
  }

  /// Kernel, recurrent kernel and bias of all gates, each from those of the gates in `order`.
  private static func joined(_ arrays: [Tensor], _ order: [Int]) -> [Tensor] {
    (0..<3).map { kind in
      let parts = order.map { arrays[3 * $0 + kind] }
      let width = parts[0].sizes.last ?? 0
      let rows = parts[0].sizes.dropLast().reduce(1, *)
      let total = width * parts.count
      return Tensor(parts[0].sizes.dropLast() + [total]) { out in
        for (gate, part) in parts.enumerated() {
          part.values.withUnsafeBufferPointer { from in
            for row in 0..<rows {
              for column in 0..<width {
                out[row * total + gate * width + column] = from[row * width + column]
              }
            }
          }
        }
      }
    }
  }

  /// cuDNN keeps the kernel of a gate column after column in the same bytes.
  private static func cuDNNKernel(_ kernel: Tensor, _ gates: Int) -> Tensor {
    let (rows, total) = (kernel.sizes[0], kernel.sizes[1])
    let width = total / gates
    return Tensor(kernel.sizes) { out in
      kernel.values.withUnsafeBufferPointer { from in
        for gate in 0..<gates {
          for row in 0..<rows {
            for column in 0..<width {
              let place = row + column * rows
              out[row * total + gate * width + column] =
                from[place / width * total + gate * width + place % width]
            }
          }
        }
      }
    }
  }

  /// Each gate's square, with rows and columns swapped.
  private static func cuDNNRecurrentKernel(_ kernel: Tensor, _ gates: Int) -> Tensor {
    let (units, total) = (kernel.sizes[0], kernel.sizes[1])
    return Tensor(kernel.sizes) { out in
      kernel.values.withUnsafeBufferPointer { from in
        for gate in 0..<gates {
          for row in 0..<units {
            for column in 0..<units {
              out[row * total + gate * units + column] = from[column * total + gate * units + row]
            }
          }
        }
      }
    }
  }

  /// The biases, of which cuDNN has one for each of its two products; an LSTM needs their sum.
  private static func cuDNNBias(_ bias: Tensor, _ addsBiases: Bool) -> Tensor {
    let half = bias.count / 2
    guard addsBiases else { return Tensor([2, half], bias.values) }
    return Tensor([half], (0..<half).map { bias.values[$0] + bias.values[half + $0] })
  }

  /// The axes in another order; those of size 1 need not be in the result.
  private static func moved(_ kernel: Tensor, _ axes: [Int], _ result: [Int]) -> Tensor {
    let sizes = axes.map { kernel.sizes[$0] }
    var strides = [Int](repeating: 1, count: sizes.count)
    for axis in strides.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * kernel.sizes[axis + 1]
    }
    let steps = axes.map { strides[$0] }
    return Tensor(result) { out in
      kernel.values.withUnsafeBufferPointer { from in
        for index in out.indices {
          var (rest, place) = (index, 0)
          for axis in sizes.indices.reversed() {
            place += rest % sizes[axis] * steps[axis]
            rest /= sizes[axis]
          }
          out[index] = from[place]
        }
      }
    }
  }

  /// The first axes, each from its end.
  private static func reversed(_ kernel: Tensor, _ axes: Int) -> Tensor {
    let places = kernel.sizes.prefix(axes).reduce(1, *)
    let width = kernel.sizes.dropFirst(axes).reduce(1, *)
    // Reversing every one of the first axes reverses them as one.
    return Tensor(kernel.sizes) { out in
      kernel.values.withUnsafeBufferPointer { from in
        for place in 0..<places {
          for column in 0..<width {
            out[place * width + column] = from[(places - 1 - place) * width + column]
          }
        }
      }
    }
  }

  /// Some of the equal parts of the last axis, times a number.
  private static func scaled(
    _ array: Tensor, _ factor: Float, _ blocks: [Int], of count: Int
  ) -> Tensor {
    let total = max(array.sizes.last ?? 1, 1)
    let width = max(total / count, 1)
    let isScaled = (0..<total).map { blocks.contains($0 / width) }
    return Tensor(array.sizes) { out in
      array.values.withUnsafeBufferPointer { from in
        for index in out.indices {
          out[index] = isScaled[index % total] ? from[index] * factor : from[index]
        }
      }
    }
  }
}

extension NamedLayer {
  /// The layer whose formulas the weights are for: of a cell the whole recurrent layer.
  fileprivate var computing: any Layer { (layer as? any KnownCell)?.whole ?? layer }
}
