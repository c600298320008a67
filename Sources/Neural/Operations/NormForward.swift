#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the length of a vector, or the size of a matrix, is taken to be.
enum NormOrder {
  /// √Σx².
  case euclidean
  /// (Σ|x|ᵖ)^(1/p) of vectors; of matrices what `jax.numpy.linalg.norm` makes of `p`.
  case power(Float)
  /// The sum of the singular values of a matrix.
  case nuclear
}

extension NormReduction {
  package func reduce(
    _ input: Tensor, along axes: [Int], isOne: Bool, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    let order: NormOrder
    switch parameters["ord"] {
    case .null: order = .euclidean
    case .string("fro") where axes.count == 2: order = .euclidean
    case .string("nuc") where axes.count == 2: order = .nuclear
    default:
      guard let power = parameters["ord"].number else {
        throw parameters.unfit("ord", axes.count == 2 ? "a number, 'fro' or 'nuc'" : "a number")
      }
      order = .power(Float(power))
    }
    return try TracedTensor(input).norm(axes, order: order)
  }
}

extension TracedTensor {
  /// The norm of the vectors or matrices along `axes`, which go.
  ///
  /// Source: `jax.numpy.linalg.norm`.
  /// - Throws: `PassError` where there is no such norm.
  func norm(_ axes: [Int], order: NormOrder) throws(PassError) -> TracedTensor {
    switch order {
    case .euclidean: return reduced(axes, .euclideanNorm)
    case .power(let power) where axes.count == 1: return reduced(axes, .norm(power))
    case .power(let power) where axes.count == 2:
      guard let norm = MatrixNorm(power) else {
        throw PassError(
          "a matrix has no norm of order \(power)", remedy: "use 1, -1, 2, -2, inf or -inf")
      }
      return reduced(axes, norm)
    case .nuclear where axes.count == 2: return reduced(axes, .nuclear)
    default:
      throw PassError(
        "a norm is taken over one axis or two, found \(axes.count)",
        remedy: "name the axes, or leave ord out")
    }
  }

  /// The norm of each matrix whose rows are axis `axes[0]`, whose columns are axis `axes[1]`.
  private func reduced(_ axes: [Int], _ norm: MatrixNorm) -> TracedTensor {
    let sizes = value.sizes
    let kept = sizes.indices.filter { !axes.contains($0) }
    let (rows, columns) = (sizes[axes[0]], sizes[axes[1]])
    let function = ReducingFunction({ norm.value(of: Tensor([rows, columns], Array($0))) }) {
      row, value, slopes in
      let matrix = norm.slopes(of: Tensor([rows, columns], Array(row)), value)
      for (index, slope) in matrix.values.enumerated() { slopes[index] = slope }
    }
    return transposed(kept + axes).reshaped(kept.map { sizes[$0] } + [rows * columns])
      .reduced([kept.count], function)
  }
}

// Where a norm is 0, which Keras makes NaN of in places, no direction is better than another.

extension ReducingFunction {
  /// √Σx².
  static let euclideanNorm = ReducingFunction({ row in
    Float(row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
  }) { row, value, slopes in
    for index in row.indices { slopes[index] = value == 0 ? 0 : row[index] / value }
  }

  /// (Σ|x|ᵖ)^(1/p); the largest or smallest |x| for an infinite p, for 0 how many x are not 0.
  static func norm(_ power: Float) -> ReducingFunction {
    switch power {
    case .infinity:
      ReducingFunction({ row in row.reduce(-.infinity) { larger(of: $0, abs($1)) } }) {
        $0.writeShares(ofMagnitude: $1, to: $2)
      }
    case -.infinity:
      ReducingFunction({ row in row.reduce(.infinity) { smaller(of: $0, abs($1)) } }) {
        $0.writeShares(ofMagnitude: $1, to: $2)
      }
    case 0: ReducingFunction(steps: { row in Float(row.count { isTrue($0) }) })
    case 1:
      ReducingFunction({ row in Float(row.reduce(0.0) { $0 + Double(abs($1)) }) }) {
        row, _, slopes in
        for index in row.indices { slopes[index] = slopeOfMagnitude(row[index]) }
      }
    case 2: euclideanNorm
    default:
      ReducingFunction({ row in
        powf(Float(row.reduce(0.0) { $0 + Double(powf(abs($1), power)) }), 1 / power)
      }) { row, value, slopes in
        for index in row.indices {
          let x = row[index]
          slopes[index] = x == 0 || value == 0 ? 0 : sign(x) * powf(abs(x) / value, power - 1)
        }
      }
    }
  }
}

extension UnsafeBufferPointer<Float> {
  /// Writes slopes of a magnitude that was chosen among those of the row: equal ones share it.
  fileprivate func writeShares(
    ofMagnitude value: Float, to slopes: UnsafeMutableBufferPointer<Float>
  ) {
    let count = Float(count { abs($0) == value })
    for index in indices {
      slopes[index] = abs(self[index]) == value ? slopeOfMagnitude(self[index]) / count : 0
    }
  }
}
