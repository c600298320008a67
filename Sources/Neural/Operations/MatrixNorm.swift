/// What the size of a matrix is taken to be, and how it changes with the matrix.
///
/// Source: `jax.numpy.linalg.norm`.
enum MatrixNorm: Sendable {
  /// The sum of the magnitudes of a column, or of a row: the largest or the smallest.
  case sums(ofColumns: Bool, isLargest: Bool)
  /// The largest or the smallest singular value.
  case singularValue(isLargest: Bool)
  /// The sum of the singular values.
  case nuclear

  /// The norm of an order; `nil` where there is none.
  init?(_ order: Float) {
    switch order {
    case 1: self = .sums(ofColumns: true, isLargest: true)
    case -1: self = .sums(ofColumns: true, isLargest: false)
    case .infinity: self = .sums(ofColumns: false, isLargest: true)
    case -.infinity: self = .sums(ofColumns: false, isLargest: false)
    case 2: self = .singularValue(isLargest: true)
    case -2: self = .singularValue(isLargest: false)
    default: return nil
    }
  }

  /// The norm of a matrix.
  func value(of matrix: Tensor) -> Float {
    switch self {
    case .sums(let ofColumns, let isLargest):
      let sums = (ofColumns ? matrix : matrix.transposed([1, 0])).columnSums()
      return (isLargest ? sums.max() : sums.min()) ?? 0
    case .singularValue(let isLargest):
      let values = matrix.singularParts().map(\.value)
      return Float((isLargest ? values.max() : values.min()) ?? 0)
    case .nuclear: return Float(matrix.singularParts().reduce(0) { $0 + $1.value })
    }
  }

  /// How the norm changes with each number of the matrix.
  func slopes(of matrix: Tensor, _ norm: Float) -> Tensor {
    switch self {
    case .sums(let ofColumns, _):
      let turned = ofColumns ? matrix : matrix.transposed([1, 0])
      let sums = turned.columnSums()
      let share = 1 / Float(sums.count { $0 == norm })
      var slopes = turned.map(slopeOfMagnitude)
      for index in slopes.values.indices {
        slopes.values[index] *= sums[index % sums.count] == norm ? share : 0
      }
      return ofColumns ? slopes : slopes.transposed([1, 0])
    case .singularValue:
      // Equal ones share.
      let chosen = matrix.singularParts().filter { Float($0.value) == norm }
      return matrix.directions(of: chosen).map { $0 / Float(chosen.count) }
    case .nuclear: return matrix.directions(of: matrix.singularParts())
    }
  }
}

/// A singular value of a matrix with its vectors; `left` is zeros where the value is 0.
private struct SingularPart {
  var value: Double
  var left: [Double]
  var right: [Double]
}

extension Tensor {
  /// The sum of the magnitudes of each column.
  fileprivate func columnSums() -> [Float] {
    (0..<sizes[1]).map { column in
      (0..<sizes[0]).reduce(Float(0)) { $0 + abs(values[$1 * sizes[1] + column]) }
    }
  }

  /// How the sum of these singular values changes with the matrix: Σ u vᵀ.
  fileprivate func directions(of parts: [SingularPart]) -> Tensor {
    let columns = sizes[1]
    var sums = Array(repeating: 0.0, count: count)
    for part in parts where part.left.count == sizes[0] && part.right.count == columns {
      for index in sums.indices {
        sums[index] += part.left[index / columns] * part.right[index % columns]
      }
    }
    return Tensor(sizes, sums.map { Float($0) })
  }

  /// The singular values of a matrix, in no order; as many as the shorter side is long.
  ///
  /// One-sided Jacobi rotations turn pairs of columns until all are at right angles; their lengths
  /// are the singular values then. Source: M. Hestenes, "Inversion of Matrices by
  /// Biorthogonalization and Related Results", 1958.
  fileprivate func singularParts() -> [SingularPart] {
    guard values.allSatisfy(\.isFinite) else {
      return [SingularPart(value: .nan, left: [], right: [])]
    }
    let isWide = sizes[0] < sizes[1]
    let matrix = isWide ? transposed([1, 0]) : self
    let (rows, count) = (matrix.sizes[0], matrix.sizes[1])
    // Each column with a column of the rotations below it.
    var columns = (0..<count).map { column in
      (0..<rows).map { Double(matrix.values[$0 * count + column]) }
        + (0..<count).map { $0 == column ? 1 : 0 }
    }
    func product(_ a: [Double], _ b: [Double]) -> Double {
      (0..<rows).reduce(0) { $0 + a[$1] * b[$1] }
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
          for row in columns[p].indices {
            let (x, y) = (columns[p][row], columns[q][row])
            columns[p][row] = cosine * x - sine * y
            columns[q][row] = sine * x + cosine * y
          }
        }
      }
      if isDone { break }
    }
    return columns.map { column in
      let value = product(column, column).squareRoot()
      let left = column[..<rows].map { value == 0 ? 0 : $0 / value }
      let right = Array(column[rows...])
      return SingularPart(value: value, left: isWide ? right : left, right: isWide ? left : right)
    }
  }
}
