import Testing
import VectorKernels

@testable import Neural

/// Products of matrices against sums written out.
@Suite struct MatrixProductTests {
  private struct Case {
    var rows, columns, inner: Int
    var transposesA, transposesB, adds: Bool
    /// How much longer rows are than their numbers.
    var gap: Int
    /// Rows of a transposed left side that stand together; 0: all.
    var group: Int
    var a: [Float] = []
    var b: [Float] = []
    var out: [Float] = []

    init(seed: Int) {
      var random = RandomNumbers(seed: UInt64(seed))
      func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
      let sizes = [1...7, 1...40, 60...90]
      rows = draw(sizes[draw(0...2)])
      columns = draw(sizes[draw(0...2)])
      inner = seed % 20 == 0 ? 0 : draw(seed % 7 == 0 ? 180...220 : sizes[draw(0...2)])
      transposesA = draw(0...1) == 0
      transposesB = draw(0...1) == 0
      adds = draw(0...1) == 0
      gap = draw(0...3)
      group = transposesA && draw(0...1) == 0 ? draw(1...9) : 0
      func numbers(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float(random.uniform(-1, 1)) }
      }
      a = numbers((transposesA ? max(inner, groups * group) : rows) * aStride)
      b = numbers((transposesB ? columns : inner) * bStride)
      out = numbers(rows * outStride)
    }

    var aStride: Int { (transposesA ? rows : inner) + gap }
    var bStride: Int { (transposesB ? inner : columns) + gap }
    var outStride: Int { columns + gap }

    /// A number of the left side; groups stand in reverse order, the first one last.
    private func left(_ row: Int, _ index: Int) -> Float {
      guard transposesA else { return a[row * aStride + index] }
      guard group > 0 else { return a[index * aStride + row] }
      let place = (groups - 1 - index / group) * group + index % group
      return a[place * aStride + row]
    }

    private var groups: Int { group > 0 ? (inner + group - 1) / group : 1 }

    var expected: [Float] {
      var result = out
      for row in 0..<rows {
        for column in 0..<columns {
          var sum = adds ? Double(out[row * outStride + column]) : 0
          for index in 0..<inner {
            let right =
              transposesB ? b[column * bStride + index] : b[index * bStride + column]
            sum += Double(left(row, index)) * Double(right)
          }
          result[row * outStride + column] = Float(sum)
        }
      }
      return result
    }

    /// Gives `body` the product, which writes to `result`.
    func withProduct(_ result: inout [Float], _ body: (MatrixProduct) -> Void) {
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          result.withUnsafeMutableBufferPointer { out in
            var product = MatrixProduct()
            (product.rows, product.columns, product.inner) = (rows, columns, inner)
            (product.a, product.aStride, product.transposesA) =
              (a.baseAddress, aStride, transposesA)
            (product.b, product.bStride, product.transposesB) =
              (b.baseAddress, bStride, transposesB)
            (product.out, product.outStride, product.adds) = (out.baseAddress, outStride, adds)
            if group > 0 {
              product.aGroup = group
              product.aGroupStride = -group * aStride
              product.a += max(groups - 1, 0) * group * aStride
            }
            body(product)
          }
        }
      }
    }
  }

  private func difference(_ one: [Float], _ other: [Float]) -> Float {
    zip(one, other).reduce(0) { largest, pair in
      let difference = abs(pair.0 - pair.1)
      return difference <= largest ? largest : difference
    }
  }

  @Test(arguments: 0..<60)
  func everyLevelGivesTheSums(seed: Int) {
    let run = Case(seed: seed)
    let expected = run.expected
    for level in KernelTests.levels {
      var found = run.out
      run.withProduct(&found) { product in
        var product = product
        matrix_multiply(level, &product)
      }
      #expect(difference(found, expected) < 1e-4, "\(level), seed \(seed)")
    }
    var found = run.out
    run.withProduct(&found) { $0.multiply() }
    #expect(difference(found, expected) < 1e-4)
  }

  @Test(arguments: 0..<40)
  func partsGiveTheBitsOfTheWhole(seed: Int) {
    let run = Case(seed: seed)
    var whole = run.out
    run.withProduct(&whole) { product in
      var product = product
      matrix_multiply(KernelChoice.bestLevel, &product)
    }
    for count in [2, 3, 5] {
      var found = run.out
      run.withProduct(&found) { product in
        for part in product.parts(upTo: count) {
          var part = part
          matrix_multiply(KernelChoice.bestLevel, &part)
        }
      }
      #expect(found == whole)
    }
  }

  @Test func columnsAreAddedUpOnTheWay() {
    for level in KernelTests.levels {
      for (rows, columns, inner) in [(3, 5, 7), (50, 200, 301), (300, 70, 97)] {
        let a = [Float](repeating: 1, count: rows * inner)
        let b = (0..<(columns * inner)).map { Float($0 % 13) }
        var out = [Float](repeating: 0, count: rows * columns)
        var sums = [Float](repeating: 2, count: columns)
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            out.withUnsafeMutableBufferPointer { out in
              sums.withUnsafeMutableBufferPointer { sums in
                var product = MatrixProduct()
                (product.rows, product.columns, product.inner) = (rows, columns, inner)
                (product.a, product.aStride, product.transposesA) = (a.baseAddress, rows, true)
                (product.b, product.bStride) = (b.baseAddress, columns)
                (product.out, product.outStride) = (out.baseAddress, columns)
                product.columnSums = sums.baseAddress
                for part in product.parts(upTo: 3) {
                  var part = part
                  matrix_multiply(level, &part)
                }
              }
            }
          }
        }
        // Whole numbers: the sums are exact.
        #expect(Array(out[..<columns]) == sums.map { $0 - 2 })
      }
    }
  }

  @Test func tensorsMultiplyInAllThreeWays() {
    let (x, matrix) = (counting([2, 3, 4], times: 0.1), counting([4, 5], times: 0.1))
    let y = x.times(matrix)
    #expect(y.sizes == [2, 3, 5] && abs(y[1, 2, 4] - 10.14) < 1e-4)
    let back = y.times(transposed: matrix)
    #expect(back.sizes == [2, 3, 4])
    let expected = (0..<5).reduce(Float(0)) { $0 + y[1, 0, $1] * matrix[2, $1] }
    #expect(abs(back[1, 0, 2] - expected) < 1e-3)
    #expect(x.transposedTimes(y).sizes == [4, 5])
    #expect(Tensor([3, 0]).times(Tensor([0, 2])).values == [0, 0, 0, 0, 0, 0])
  }
}
