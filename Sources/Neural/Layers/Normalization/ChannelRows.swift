/// How the positions of one axis, the channels, lie in a tensor: for sums over everything else.
///
/// Numbers are taken in rows. Where the channels are the last axis a row has a number for each
/// of them; else all numbers of a row belong to one channel.
struct ChannelRows: Sendable {
  /// How many channels there are.
  let channels: Int
  /// How many rows there are.
  let count: Int
  /// How many numbers a row has.
  let width: Int
  /// Whether the channels are the last axis.
  let isAcross: Bool
  /// How many rows in a run belong to one channel, where they are not the last axis.
  private let rowsOfChannel: Int
  /// 1 for rows that count, 0 for others; `nil`: all count.
  let counts: [Float]?

  /// The rows of a tensor.
  ///
  /// - Parameters:
  ///   - sizes: the tensor's sizes.
  ///   - axis: the axis of the channels.
  ///   - mask: the tensor's sizes without the last axis; `nil`: all count.
  init(sizes: [Int], axis: Int, mask: Tensor?) {
    channels = sizes[axis]
    isAcross = axis == sizes.count - 1
    let inner = sizes[(axis + 1)...].reduce(1, *)
    width = isAcross ? channels : mask == nil ? inner : sizes.last ?? 1
    count = width == 0 ? 0 : sizes.reduce(1, *) / width
    rowsOfChannel = isAcross || width == 0 ? 1 : max(inner / width, 1)
    counts = mask.map { $0.values.map { $0 != 0 ? 1 : 0 } }
  }

  /// The channel of a row, where the channels are not the last axis.
  @inline(__always) func channel(ofRow row: Int) -> Int { row / rowsOfChannel % channels }

  /// How many numbers of each channel count.
  ///
  /// Keras adds 1e-7 where there is a mask, so that none gives 0.
  var counted: [Double] {
    let least = counts == nil ? 0 : 1e-7
    guard !isAcross else {
      let rows = counts.map { $0.reduce(0.0) { $0 + Double($1) } } ?? Double(count)
      return Array(repeating: rows + least, count: channels)
    }
    var result = Array(repeating: least, count: channels)
    for row in 0..<count {
      result[channel(ofRow: row)] += Double(width) * Double(counts?[row] ?? 1)
    }
    return result
  }

  /// For each channel, the sums of what `term` makes of its numbers.
  ///
  /// Sums of a few rows are made in 32 bits, and those of all of them in 64.
  /// - Parameters:
  ///   - numbers: the tensor.
  ///   - other: a tensor of the same sizes, beside it.
  ///   - skipsMasked: whether rows that do not count are left out.
  ///   - term: what is added up, of a number, the one beside it, and the channel.
  /// - Returns: a sum for each channel.
  @inline(__always) func sums(
    _ numbers: Tensor, beside other: Tensor? = nil, skippingMasked skipsMasked: Bool,
    _ term: (_ number: Float, _ other: Float, _ channel: Int) -> Float
  ) -> [Double] {
    var totals = Array(repeating: 0.0, count: channels)
    let counts = skipsMasked ? counts : nil
    numbers.values.withUnsafeBufferPointer { numbers in
      (other ?? Tensor([0])).values.withUnsafeBufferPointer { others in
        guard let numbers = numbers.baseAddress else { return }
        let others = other == nil ? numbers : others.baseAddress ?? numbers
        if isAcross {
          addColumns(numbers, others, counts, term, into: &totals)
        } else {
          for row in 0..<count where counts.map({ $0[row] != 0 }) ?? true {
            let channel = channel(ofRow: row)
            totals[channel] += sum(numbers + row * width, others + row * width, channel, term)
          }
        }
      }
    }
    return totals
  }

  /// How many rows, or numbers of a row, are added up in 32 bits.
  private static var block: Int { 64 }

  @inline(__always) private func addColumns(
    _ numbers: UnsafePointer<Float>, _ others: UnsafePointer<Float>, _ counts: [Float]?,
    _ term: (Float, Float, Int) -> Float, into totals: inout [Double]
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(width, 1)) { sums in
      guard let sums = sums.baseAddress else { return }
      for start in stride(from: 0, to: count, by: Self.block) {
        sums.update(repeating: 0, count: width)
        for row in start..<min(start + Self.block, count)
        where counts.map({ $0[row] != 0 }) ?? true {
          let (number, other) = (numbers + row * width, others + row * width)
          for column in 0..<width { sums[column] += term(number[column], other[column], column) }
        }
        for column in 0..<width { totals[column] += Double(sums[column]) }
      }
    }
  }

  @inline(__always) private func sum(
    _ numbers: UnsafePointer<Float>, _ others: UnsafePointer<Float>, _ channel: Int,
    _ term: (Float, Float, Int) -> Float
  ) -> Double {
    var total = 0.0
    for start in stride(from: 0, to: width, by: 8 * Self.block) {
      let (numbers, others) = (numbers + start, others + start)
      let sum = laneSum(min(8 * Self.block, width - start)) { index in
        term(numbers[index], others[index], channel)
      }
      total += Double(sum)
    }
    return total
  }

  /// A tensor of what `change` makes of each number, the one beside it, and its channel.
  ///
  /// - Parameters:
  ///   - numbers: the tensor.
  ///   - other: a tensor of the same sizes, beside it.
  ///   - change: gives the new number; `counts` is 1 where the row counts, else 0.
  /// - Returns: a tensor of the same sizes.
  @inline(__always) func map(
    _ numbers: Tensor, beside other: Tensor? = nil,
    _ change: (_ number: Float, _ other: Float, _ channel: Int, _ counts: Float) -> Float
  ) -> Tensor {
    Tensor(numbers.sizes) { out in
      numbers.values.withUnsafeBufferPointer { numbers in
        (other ?? Tensor([0])).values.withUnsafeBufferPointer { others in
          guard let numbers = numbers.baseAddress, let out = out.baseAddress else { return }
          let others = other == nil ? numbers : others.baseAddress ?? numbers
          for row in 0..<count {
            let counting = counts?[row] ?? 1
            let (from, beside, to) = (
              numbers + row * width, others + row * width, out + row * width
            )
            if isAcross {
              for column in 0..<width {
                to[column] = change(from[column], beside[column], column, counting)
              }
            } else {
              let channel = channel(ofRow: row)
              for index in 0..<width {
                to[index] = change(from[index], beside[index], channel, counting)
              }
            }
          }
        }
      }
    }
  }
}
