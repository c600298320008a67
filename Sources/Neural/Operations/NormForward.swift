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
  ) throws(PassError) -> Tensor {
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
    return try input.norm(axes, order: order)
  }
}

extension Tensor {
  /// The norm of the vectors or matrices along `axes`, which go.
  ///
  /// Source: `jax.numpy.linalg.norm`.
  /// - Throws: `PassError` where there is no such norm.
  func norm(_ axes: [Int], order: NormOrder) throws(PassError) -> Tensor {
    switch order {
    case .euclidean:
      return reduced(axes) { row in
        Float(row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
      }
    case .power(let power) where axes.count == 1:
      return reduced(axes) { vectorNorm($0, power) }
    case .power(let power) where axes.count == 2:
      return try matrixNorm(axes, power)
    case .nuclear where axes.count == 2:
      return matrices(axes) { Float($0.singularValues().reduce(0, +)) }
    default:
      throw PassError(
        "a norm is taken over one axis or two, found \(axes.count)",
        remedy: "name the axes, or leave ord out")
    }
  }

  private func matrixNorm(_ axes: [Int], _ power: Float) throws(PassError) -> Tensor {
    switch power {
    case 1: matrices(axes) { $0.columnSums().max() ?? 0 }
    case -1: matrices(axes) { $0.columnSums().min() ?? 0 }
    case .infinity: matrices(axes) { $0.transposed([1, 0]).columnSums().max() ?? 0 }
    case -.infinity: matrices(axes) { $0.transposed([1, 0]).columnSums().min() ?? 0 }
    case 2: matrices(axes) { Float($0.singularValues().max() ?? 0) }
    case -2: matrices(axes) { Float($0.singularValues().min() ?? 0) }
    default:
      throw PassError(
        "a matrix has no norm of order \(power)", remedy: "use 1, -1, 2, -2, inf or -inf")
    }
  }

  /// `make` of each matrix whose rows are axis `axes[0]`, whose columns are axis `axes[1]`.
  private func matrices(_ axes: [Int], _ make: (Tensor) -> Float) -> Tensor {
    let kept = (0..<rank).filter { !axes.contains($0) }
    let moved = transposed(kept + axes)
    let size = sizes[axes[0]] * sizes[axes[1]]
    return Tensor(kept.map { sizes[$0] }) { out in
      for index in 0..<out.count {
        let values = moved.values[(index * size)..<((index + 1) * size)]
        out[index] = make(Tensor(axes.map { sizes[$0] }, Array(values)))
      }
    }
  }

  /// The sum of the magnitudes of each column.
  private func columnSums() -> [Float] {
    (0..<sizes[1]).map { column in
      (0..<sizes[0]).reduce(Float(0)) { $0 + abs(values[$1 * sizes[1] + column]) }
    }
  }

  /// The singular values of a matrix, in no order; as many as the shorter side is long.
  ///
  /// One-sided Jacobi rotations turn pairs of columns until all are at right angles; their lengths
  /// are the singular values then. Source: M. Hestenes, "Inversion of Matrices by
  /// Biorthogonalization and Related Results", 1958.
  private func singularValues() -> [Double] {
    let matrix = sizes[0] < sizes[1] ? transposed([1, 0]) : self
    let (rows, count) = (matrix.sizes[0], matrix.sizes[1])
    guard values.allSatisfy(\.isFinite) else { return [.nan] }
    var columns = (0..<count).map { column in
      (0..<rows).map { Double(matrix.values[$0 * count + column]) }
    }
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for _ in 0..<60 {
      var isDone = true
      for p in 0..<count {
        for q in (p + 1)..<max(count, p + 1) {
          let (a, b) = (product(columns[p], columns[p]), product(columns[q], columns[q]))
          let c = product(columns[p], columns[q])
          guard abs(c) > 1e-14 * (a * b).squareRoot() else { continue }
          isDone = false
          let zeta = (b - a) / (2 * c)
          let t = (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
          let cosine = 1 / (1 + t * t).squareRoot()
          let sine = cosine * t
          for row in 0..<rows {
            let (x, y) = (columns[p][row], columns[q][row])
            columns[p][row] = cosine * x - sine * y
            columns[q][row] = sine * x + cosine * y
          }
        }
      }
      if isDone { break }
    }
    return columns.map { product($0, $0).squareRoot() }
  }
}

private func vectorNorm(_ row: UnsafeBufferPointer<Float>, _ power: Float) -> Float {
  switch power {
  case .infinity: row.reduce(-.infinity) { larger(of: $0, abs($1)) }
  case -.infinity: row.reduce(.infinity) { smaller(of: $0, abs($1)) }
  case 0: Float(row.count { isTrue($0) })
  case 1: Float(row.reduce(0.0) { $0 + Double(abs($1)) })
  case 2: Float(row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
  default: powf(Float(row.reduce(0.0) { $0 + Double(powf(abs($1), power)) }), 1 / power)
  }
}
