/// Numbers at a fixed place in memory, for code that writes them from several threads.
///
/// Whoever makes them writes every one before anyone reads; after that they do not change.
final class Numbers: @unchecked Sendable {
  /// Where they lie.
  let start: UnsafeMutablePointer<Float>
  /// How many there are.
  let count: Int

  /// Room for `count` numbers, which hold anything.
  init(count: Int) {
    self.count = count
    start = .allocate(capacity: max(count, 1))
  }

  /// A copy of the numbers of tensors, one behind the other.
  convenience init(_ tensors: [Tensor]) {
    self.init(count: tensors.reduce(0) { $0 + $1.count })
    var place = start
    for tensor in tensors {
      tensor.values.withUnsafeBufferPointer { numbers in
        guard let from = numbers.baseAddress else { return }
        place.update(from: from, count: numbers.count)
      }
      place += tensor.count
    }
  }

  deinit { start.deallocate() }

  /// The numbers of a tensor that begins at `offset`.
  func tensor(_ sizes: [Int], at offset: Int = 0) -> Tensor {
    Tensor(sizes) { out in
      guard let to = out.baseAddress else { return }
      to.update(from: start + offset, count: out.count)
    }
  }
}
