extension Regularizer {
  /// What it adds to the loss for these numbers.
  ///
  /// L1: l1 · Σ|x|. L2: l2 · Σx². Both: their sum. `OrthogonalRegularizer`: factor · the mean of
  /// |cos| over all pairs of rows, or columns, of a matrix.
  /// Source: `keras/src/regularizers/regularizers.py`.
  ///
  /// - Parameter numbers: a weight of any shape, or an output of a layer.
  /// - Returns: the penalty.
  /// - Throws: `PassError` where the regularizer is not one of Keras', a parameter of it is not a
  ///   number from 0, or it needs a matrix and this is none.
  func value(of numbers: Tensor) throws(PassError) -> Double {
    switch try penalty() {
    case .sums(let l1, let l2):
      var sums = (absolutes: 0.0, squares: 0.0)
      numbers.values.withUnsafeBufferPointer { numbers in
        if l1 != 0 { for number in numbers { sums.absolutes += Double(abs(number)) } }
        if l2 != 0 { for number in numbers { sums.squares += Double(number) * Double(number) } }
      }
      return l1 * sums.absolutes + l2 * sums.squares
    case .pairs(let factor, let isOfRows):
      return try OrthogonalPairs(of: numbers, isOfRows: isOfRows).value * factor
    }
  }

  /// How `value(of:)` changes with each of these numbers.
  ///
  /// - Parameter numbers: a weight of any shape, or an output of a layer.
  /// - Returns: the gradient, of the same sizes; 0 where a number is 0 and |x| has a kink.
  /// - Throws: `PassError` as `value(of:)` does.
  func gradient(of numbers: Tensor) throws(PassError) -> Tensor {
    switch try penalty() {
    case .sums(let l1, let l2):
      let (l1, l2) = (Float(l1), 2 * Float(l2))
      if l1 == 0 { return numbers.map { l2 * $0 } }
      return numbers.map { l2 * $0 + ($0 > 0 ? l1 : $0 < 0 ? -l1 : $0.isNaN ? $0 : 0) }
    case .pairs(let factor, let isOfRows):
      return try OrthogonalPairs(of: numbers, isOfRows: isOfRows).gradient(factor)
    }
  }

  private enum Penalty {
    case sums(l1: Double, l2: Double)
    case pairs(factor: Double, isOfRows: Bool)
  }

  private func penalty() throws(PassError) -> Penalty {
    switch original == nil ? className : "" {
    case "L1": return .sums(l1: try parameter("l1", ifNone: 0.01), l2: 0)
    case "L2": return .sums(l1: 0, l2: try parameter("l2", ifNone: 0.01))
    case "L1L2":
      return .sums(l1: try parameter("l1", ifNone: 0), l2: try parameter("l2", ifNone: 0))
    case "OrthogonalRegularizer":
      let mode = config["mode"]?.stringValue ?? ""
      guard mode == "rows" || mode == "columns" else {
        throw PassError(
          "OrthogonalRegularizer has mode \(config["mode"]?.shortDescription ?? "None")",
          remedy: "use rows or columns")
      }
      return .pairs(factor: try parameter("factor", ifNone: nil), isOfRows: mode == "rows")
    default:
      throw PassError(
        "the regularizer \(className) is not one of Keras': only its own code tells what it adds",
        remedy: "use L1, L2, L1L2 or OrthogonalRegularizer")
    }
  }

  private func parameter(_ key: String, ifNone: Double?) throws(PassError) -> Double {
    let given = config[key] ?? .null
    if given.isNull, let ifNone { return ifNone }
    guard let number = given.doubleValue, number.isFinite, number >= 0 else {
      throw PassError(
        "\(className) has \(key)=\(given.shortDescription)", remedy: "use a number from 0")
    }
    return number
  }
}

/// The rows, or columns, of a matrix, brought to length 1, and the products of all pairs of them.
private struct OrthogonalPairs {
  /// The vectors as rows, each of length 1.
  private let vectors: Tensor
  /// What each vector was multiplied with.
  private let scales: [Float]
  /// (vectors, vectors): the cosines, 0 on the diagonal.
  private let cosines: Tensor
  private let isOfRows: Bool

  init(of matrix: Tensor, isOfRows: Bool) throws(PassError) {
    guard matrix.rank == 2 else {
      throw PassError(
        "OrthogonalRegularizer takes a matrix, found \(matrix.shape)",
        remedy: "use L1 or L2, which take any shape")
    }
    var vectors = isOfRows ? matrix : matrix.transposed([1, 0])
    let (count, width) = (vectors.sizes[0], vectors.sizes[1])
    var scales: [Float] = []
    for row in 0..<count {
      let places = (row * width)..<((row + 1) * width)
      let squares = vectors.values[places].reduce(Float(0)) { $0 + $1 * $1 }
      let scale = smaller(1 / squares.squareRoot(), Self.largestScale)
      for place in places { vectors.values[place] *= scale }
      scales.append(scale)
    }
    var cosines = vectors.times(transposed: vectors)
    for row in 0..<count { cosines.values[row * count + row] = 0 }
    (self.vectors, self.scales, self.cosines) = (vectors, scales, cosines)
    self.isOfRows = isOfRows
  }

  /// Vectors shorter than 1 ÷ this are not brought to length 1: `keras.ops.normalize`.
  private static let largestScale: Float = 1e7

  /// Pairs of different vectors; a single vector has none, where Keras divides 0 by 0.
  private var pairs: Double { max(Double(scales.count) * Double(scales.count - 1) / 2, 1) }

  /// The mean of |cos| over all pairs.
  var value: Double { cosines.values.reduce(0.0) { $0 + Double(abs($1)) } / 2 / pairs }

  /// How `factor` · `value` changes with the matrix.
  func gradient(_ factor: Double) -> Tensor {
    let weight = Float(factor / pairs)
    var result = cosines.map { $0 > 0 ? weight : $0 < 0 ? -weight : 0 }.times(vectors)
    let width = vectors.sizes[1]
    for (row, scale) in scales.enumerated() {
      let places = (row * width)..<((row + 1) * width)
      var along: Float = 0
      if scale < Self.largestScale {
        for place in places { along += result.values[place] * vectors.values[place] }
      }
      for place in places {
        result.values[place] = scale * (result.values[place] - vectors.values[place] * along)
      }
    }
    return isOfRows ? result : result.transposed([1, 0])
  }
}
