/// The means of blocks of a matrix: what is left of it where not every number has room.
///
/// Blocks end where a gate ends, so that a mean is of one gate only.
struct BlockMeans: Sendable {
  /// Rows and columns of the matrix, and the columns of each gate.
  let rows: Int, columns: Int, segment: Int
  /// Rows and columns of a block; those at the ends may have fewer.
  let blockRows: Int, blockColumns: Int
  /// The means, row by row.
  private(set) var means: [Float]

  /// How many blocks there are from left to right in a gate, and in all.
  let cellsPerSegment: Int, cellColumns: Int
  /// How many blocks there are from top to bottom.
  let cellRows: Int

  private init(
    rows: Int, columns: Int, segment: Int, blockRows: Int, blockColumns: Int, means: [Float]
  ) {
    (self.rows, self.columns, self.segment) = (rows, columns, max(segment, 1))
    (self.blockRows, self.blockColumns) = (max(blockRows, 1), max(blockColumns, 1))
    self.means = means
    cellsPerSegment = BlockMeans.parts(self.segment, by: self.blockColumns)
    cellColumns = columns / self.segment * cellsPerSegment
    cellRows = BlockMeans.parts(rows, by: self.blockRows)
  }

  /// How many parts of a size a length has; the last may be shorter.
  static func parts(_ length: Int, by size: Int) -> Int { (length + size - 1) / size }

  /// The mean of a block.
  subscript(row: Int, column: Int) -> Float { means[row * cellColumns + column] }

  /// The rows of a block.
  func rows(of cell: Int) -> Range<Int> {
    cell * blockRows..<min((cell + 1) * blockRows, rows)
  }

  /// The columns of a block.
  func columns(of cell: Int) -> Range<Int> {
    let start = cell / cellsPerSegment * segment
    let first = start + cell % cellsPerSegment * blockColumns
    return first..<min(first + blockColumns, start + segment)
  }

  /// The largest magnitude among the means, those that are no numbers left out.
  var largest: Float {
    means.lazy.filter(\.isFinite).map(\.magnitude).max() ?? 0
  }

  /// The means of larger blocks, each of several whole ones of these.
  ///
  /// - Parameters:
  ///   - blockRows: rows of a block, a multiple of those here.
  ///   - blockColumns: columns of a block, a multiple of those here.
  /// - Returns: the means of those blocks.
  func merged(blockRows: Int, blockColumns: Int) -> BlockMeans {
    guard blockRows != self.blockRows || blockColumns != self.blockColumns else { return self }
    var result = BlockMeans(
      rows: rows, columns: columns, segment: segment, blockRows: blockRows,
      blockColumns: blockColumns, means: [])
    var sums = [Double](repeating: 0, count: result.cellRows * result.cellColumns)
    var counts = sums
    let (down, right) = (blockRows / self.blockRows, blockColumns / self.blockColumns)
    let widths = (0..<cellColumns).map { columns(of: $0).count }
    let targets = (0..<cellColumns).map {
      $0 / cellsPerSegment * result.cellsPerSegment + $0 % cellsPerSegment / right
    }
    means.withUnsafeBufferPointer { means in
      for row in 0..<cellRows {
        let (start, height) = (row * cellColumns, rows(of: row).count)
        let target = row / down * result.cellColumns
        for column in 0..<cellColumns {
          let count = Double(height * widths[column])
          sums[target + targets[column]] += Double(means[start + column]) * count
          counts[target + targets[column]] += count
        }
      }
    }
    result.means = zip(sums, counts).map { Float($0 / $1) }
    return result
  }
}

extension BlockMeans {
  /// Adds a matrix up as its numbers come, row by row.
  struct Builder {
    private var result: BlockMeans
    private var sums: [Double]
    private var row = 0, column = 0
    /// The largest magnitude so far, numbers that are none left out.
    private(set) var largest: Float = 0

    /// Blocks so many that a screen never needs more.
    private static let most = 1 << 20

    /// Adds up a matrix with blocks of a size that fits it.
    init(rows: Int, columns: Int, segment: Int) {
      let block = Self.block(rows: rows, columns: columns, segment: segment)
      result = BlockMeans(
        rows: rows, columns: columns, segment: segment, blockRows: block.rows,
        blockColumns: block.columns, means: [])
      sums = Array(repeating: 0, count: result.cellRows * result.cellColumns)
    }

    /// Rows and columns of the blocks of a matrix: 1 each where it is not large.
    static func block(rows: Int, columns: Int, segment: Int) -> (rows: Int, columns: Int) {
      let blockRows = max(BlockMeans.parts(rows, by: 1024), 1)
      let room = max(most / max(BlockMeans.parts(rows, by: blockRows), 1), 1)
      let segments = max(columns / max(segment, 1), 1)
      return (blockRows, max(BlockMeans.parts(segment, by: max(room / segments, 1)), 1))
    }

    /// Takes the next numbers.
    mutating func take(_ numbers: UnsafeBufferPointer<Float>) {
      var index = 0
      while index < numbers.count, row < result.rows {
        let start = row / result.blockRows * result.cellColumns
        let run: Int
        if result.blockColumns == 1 {
          run = min(result.columns - column, numbers.count - index)
          let first = start + column
          sums.withUnsafeMutableBufferPointer { sums in
            for place in 0..<run {
              let number = numbers[index + place]
              sums[first + place] += Double(number)
              if number.magnitude > largest, number.isFinite { largest = number.magnitude }
            }
          }
        } else {
          let (gate, inGate) = (column / result.segment, column % result.segment)
          let block = inGate / result.blockColumns
          let end = min((block + 1) * result.blockColumns, result.segment)
          run = min(end - inGate, numbers.count - index)
          var sum = 0.0
          for place in index..<index + run {
            sum += Double(numbers[place])
            if numbers[place].magnitude > largest, numbers[place].isFinite {
              largest = numbers[place].magnitude
            }
          }
          sums[start + gate * result.cellsPerSegment + block] += sum
        }
        index += run
        column += run
        if column == result.columns { (row, column) = (row + 1, 0) }
      }
    }

    /// The means of the blocks.
    func finished() -> BlockMeans {
      var result = result
      let widths = (0..<result.cellColumns).map { result.columns(of: $0).count }
      var means: [Float] = []
      means.reserveCapacity(sums.count)
      for row in 0..<result.cellRows {
        let height = result.rows(of: row).count
        for column in 0..<result.cellColumns {
          means.append(
            Float(sums[row * result.cellColumns + column] / Double(height * widths[column])))
        }
      }
      result.means = means
      return result
    }
  }
}
