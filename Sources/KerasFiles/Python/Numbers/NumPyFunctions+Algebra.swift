#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension NumPyFunctions {
  /// Functions of vectors and matrices.
  nonisolated(unsafe) static let algebra: [String: Body] = {
    var table: [String: Body] = [:]
    table["dot"] = { .numbers(try NDArray.dot(try $0.array(0, "a"), try $0.array(1, "b"))) }
    table["matmul"] = { call in
      .numbers(try NDArray.matrixProduct(try call.array(0, "x1"), try call.array(1, "x2")))
    }
    table["vdot"] = { call in
      let (a, b) = (try call.array(0, "a"), try call.array(1, "b"))
      return .numbers(
        try NDArray.dot(a.reshapedCopy([a.count]), b.reshapedCopy([b.count])))
    }
    table["outer"] = { call in
      let (a, b) = (try call.array(0, "a"), try call.array(1, "b"))
      return .numbers(
        try NDArray.binary(
          .multiply, Operand(a.reshapedCopy([a.count, 1])), Operand(b.reshapedCopy([1, b.count]))))
    }
    table["tensordot"] = { call in
      let (a, b) = (try call.array(0, "a"), try call.array(1, "b"))
      var axes = (Array(max(0, a.rank - 2)..<a.rank), Array(0..<min(2, b.rank)))
      if let given = call.value(2, "axes") {
        if let count = given.intValue {
          guard count >= 0, count <= min(a.rank, b.rank) else {
            throw ArrayProblem("ValueError", "tensordot has more axes than the arrays")
          }
          axes = (Array(a.rank - count..<a.rank), Array(0..<count))
        } else if let pair = try call.evaluator.elements(of: given), pair.count == 2 {
          axes = (try call.evaluator.sizes(from: pair[0]), try call.evaluator.sizes(from: pair[1]))
        }
      }
      return .numbers(try NDArray.tensorProduct(a, b, axes: axes))
    }
    table["trace"] = { call in
      let diagonal = try call.array(0, "a").diagonal(try call.int(1, "offset") ?? 0)
      return .numbers(
        try diagonal.reduced(.sum, try ReducedAxes([diagonal.rank - 1], rank: diagonal.rank)))
    }
    table["einsum"] = { call in
      guard let text = try call.required(0, "subscripts").stringValue else {
        throw ArrayProblem("TypeError", "einsum() takes its subscripts as a text")
      }
      let arrays = try call.arguments.positional.dropFirst().map {
        try call.evaluator.ndarray(from: $0)
      }
      return .numbers(try EinsteinSum(text, arrays).result())
    }
    table["convolve"] = { call in
      let (a, b) = (try call.array(0, "a").doubles(), try call.array(1, "v").doubles())
      guard !a.isEmpty, !b.isEmpty else {
        throw ArrayProblem("ValueError", "convolve() of an empty array")
      }
      let (x, y) = a.count >= b.count ? (a, b) : (b, a)
      let whole = (0..<x.count + y.count - 1).map { place -> Double in
        var total = 0.0
        for index in max(0, place - y.count + 1)...min(place, x.count - 1) {
          total += x[index] * y[place - index]
        }
        return total
      }
      let cut: ArraySlice<Double>
      switch call.value(2, "mode")?.stringValue ?? "full" {
      case "valid": cut = whole[(y.count - 1)..<x.count]
      case "same": cut = whole[((y.count - 1) / 2)..<((y.count - 1) / 2 + x.count)]
      default: cut = whole[...]
      }
      return .numbers(NDArray([cut.count], floats: Array(cut)))
    }
    for name in ["cov", "corrcoef"] {
      table[name] = { call in
        var rows = try call.array(0, name == "cov" ? "m" : "x")
        if rows.rank == 1 { rows = try rows.expanded([0]) }
        if let other = call.value(1, "y") {
          var more = try call.evaluator.ndarray(from: other)
          if more.rank == 1 { more = try more.expanded([0]) }
          rows = try NDArray.concatenated([rows, more], axis: 0)
        }
        let size = rows.shape[1]
        let mean = try rows.mean(try ReducedAxes([1], rank: 2, keepsAxes: true))
        let rest = try NDArray.binary(.subtract, Operand(rows), Operand(mean))
        let products = try NDArray.matrixProduct(rest, rest.transposed)
        let scale = NDArray([], floats: [1 / Double(max(size - 1, 0))])
        var result = try NDArray.binary(.multiply, Operand(products), Operand(scale))
        if name == "corrcoef" {
          let spread = try UnaryFunctions.apply("sqrt", to: try result.diagonal()) ?? result
          result = try NDArray.binary(
            .divide, Operand(result), Operand(try spread.expanded([1])))
          result = try NDArray.binary(.divide, Operand(result), Operand(spread))
        }
        return .numbers(rows.shape[0] == 1 ? try result.reshaped([]) : result)
      }
    }
    return table
  }()

  /// The functions of `numpy.linalg`.
  nonisolated(unsafe) static let linearAlgebra: [String: Body] = [
    "norm": { call in
      let array = try call.array(0, "x")
      let type: DType = array.dtype.isFloat ? array.dtype : .float64
      let axes = try call.axes(2, of: array)
      let order = call.value(1, "ord")
      let sizes = try UnaryFunctions.apply("abs", to: try array.converted(to: type)) ?? array
      switch order?.doubleValue {
      case 1? where axes.axes.count == 1: return .numbers(try sizes.reduced(.sum, axes))
      case Double.infinity? where axes.axes.count == 1:
        return .numbers(try sizes.reduced(.max, axes))
      case nil, 2?:
        let squares = try NDArray.binary(.multiply, Operand(sizes), Operand(sizes))
        let sum = try squares.reduced(.sum, axes)
        return .numbers(try UnaryFunctions.apply("sqrt", to: sum) ?? sum)
      default:
        throw ArrayProblem("NotImplementedError", "this ord of linalg.norm is not supported")
      }
    },
    "inv": { call in
      let matrix = try call.array(0, "a")
      let identity = NDArray(
        matrix.shape,
        floats: (0..<matrix.count).map { $0 % max(matrix.shape[0] + 1, 1) == 0 ? 1 : 0 })
      return .numbers(try LinearSystem(matrix).solution(of: identity))
    },
    "solve": { call in
      let right = try call.array(1, "b")
      let columns = right.rank == 1 ? try right.expanded([1]) : right
      let solved = try LinearSystem(try call.array(0, "a")).solution(of: columns)
      return .numbers(right.rank == 1 ? try solved.squeezed([1]) : solved)
    },
    "det": { call in
      .scalar(NumPyScalar(try LinearSystem(try call.array(0, "a")).determinant()))
    },
  ]
}

/// A square system of equations, solved by elimination with pivots.
private struct LinearSystem {
  private let size: Int
  private let rows: [Double]

  init(_ matrix: NDArray) throws(ArrayProblem) {
    guard matrix.rank == 2, matrix.shape[0] == matrix.shape[1] else {
      throw ArrayProblem("LinAlgError", "Last 2 dimensions of the array must be square")
    }
    size = matrix.shape[0]
    rows = try matrix.doubles()
  }

  func determinant() throws(ArrayProblem) -> Double {
    var rows = rows
    var product = 1.0
    for column in 0..<size {
      guard let pivot = pivot(rows, column) else { return 0 }
      if pivot != column {
        for index in 0..<size { rows.swapAt(pivot * size + index, column * size + index) }
        product = -product
      }
      product *= rows[column * size + column]
      for row in column + 1..<max(size, column + 1) {
        let factor = rows[row * size + column] / rows[column * size + column]
        for index in column..<size {
          rows[row * size + index] -= factor * rows[column * size + index]
        }
      }
    }
    return product
  }

  private func pivot(_ rows: [Double], _ column: Int) -> Int? {
    let best = (column..<size).max {
      rows[$0 * size + column].magnitude < rows[$1 * size + column].magnitude
    }
    return best.flatMap { rows[$0 * size + column] == 0 ? nil : $0 }
  }

  func solution(of right: NDArray) throws(ArrayProblem) -> NDArray {
    guard right.rank == 2, right.shape[0] == size else {
      throw ArrayProblem("ValueError", "the right side does not fit the matrix")
    }
    let width = right.shape[1]
    var rows = rows
    var values = try right.doubles()
    for column in 0..<size {
      guard let pivot = pivot(rows, column) else {
        throw ArrayProblem("LinAlgError", "Singular matrix")
      }
      if pivot != column {
        for index in 0..<size { rows.swapAt(pivot * size + index, column * size + index) }
        for index in 0..<width { values.swapAt(pivot * width + index, column * width + index) }
      }
      for row in column + 1..<max(size, column + 1) {
        let factor = rows[row * size + column] / rows[column * size + column]
        for index in column..<size {
          rows[row * size + index] -= factor * rows[column * size + index]
        }
        for index in 0..<width {
          values[row * width + index] -= factor * values[column * width + index]
        }
      }
    }
    for row in (0..<size).reversed() {
      for index in 0..<width {
        var total = values[row * width + index]
        for column in row + 1..<max(size, row + 1) {
          total -= rows[row * size + column] * values[column * width + index]
        }
        values[row * width + index] = total / rows[row * size + row]
      }
    }
    return NDArray([size, width], floats: values)
  }
}

/// `numpy.einsum`: products of arrays, summed over the letters that the result does not name.
private struct EinsteinSum {
  private let inputs: [[Character]]
  private let output: [Character]
  private let arrays: [NDArray]
  private var sizes: [Character: Int] = [:]

  init(_ text: String, _ arrays: [NDArray]) throws(ArrayProblem) {
    let text = text.filter { $0 != " " }
    let sides = text.split(separator: ">", omittingEmptySubsequences: false)
    let left = sides[0].hasSuffix("-") ? sides[0].dropLast() : sides[0]
    inputs = left.split(separator: ",", omittingEmptySubsequences: false).map { Array($0) }
    let letters = inputs.joined()
    guard inputs.count == arrays.count, letters.allSatisfy(\.isLetter),
      zip(inputs, arrays).allSatisfy({ $0.count == $1.rank })
    else {
      throw ArrayProblem(
        "ValueError", "einsum's subscripts '\(text)' do not fit the arrays",
        remedy: "give one letter for each axis; '...' is not supported")
    }
    for (names, array) in zip(inputs, arrays) {
      for (name, size) in zip(names, array.shape) {
        if let known = sizes[name], known != size {
          throw ArrayProblem(
            "ValueError", "einsum: the axes '\(name)' have sizes \(known) and \(size)")
        }
        sizes[name] = size
      }
    }
    if sides.count > 1 {
      output = Array(sides[1])
    } else {
      output = letters.filter { letter in letters.filter { $0 == letter }.count == 1 }.sorted()
    }
    let known = Set(letters)
    guard output.allSatisfy({ known.contains($0) }) else {
      throw ArrayProblem("ValueError", "einsum's result names an axis that no array has")
    }
    self.arrays = arrays
  }

  func result() throws(ArrayProblem) -> NDArray {
    let summed = sizes.keys.filter { !output.contains($0) }.sorted()
    let axes = output + summed
    let shape = axes.map { sizes[$0] ?? 1 }
    try NDArray.checkedCount(shape)
    var product: NDArray?
    for (names, array) in zip(inputs, arrays) {
      var strides = Array(repeating: 0, count: axes.count)
      // An axis named twice walks along the diagonal.
      for (name, stride) in zip(names, array.strides) {
        if let place = axes.firstIndex(of: name) { strides[place] += stride }
      }
      let seen = NDArray(
        array.storage, array.dtype, shape: shape, strides: strides, offset: array.offset)
      product =
        try product.map { (a: NDArray) throws(ArrayProblem) in
          try NDArray.binary(.multiply, Operand(a), Operand(seen))
        } ?? seen
    }
    guard let product else { throw ArrayProblem("ValueError", "einsum() takes arrays") }
    guard !summed.isEmpty else { return product.copied() }
    return try product.reduced(
      .sum, try ReducedAxes(Array(output.count..<axes.count), rank: axes.count))
  }
}
