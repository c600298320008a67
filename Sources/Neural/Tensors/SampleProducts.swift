extension Tensor {
  /// For each sample, the matrix product with that of `other`, or with its transpose.
  ///
  /// Self: (batch, rows, inner). `other`: (batch, inner, columns), or (batch, columns, inner).
  func samples(times other: Tensor, transposed: Bool = false) -> Tensor {
    let (batch, rows, inner) = (sizes[0], sizes[1], sizes[2])
    let columns = other.sizes[transposed ? 1 : 2]
    return Tensor([batch, rows, columns]) { out in
      values.withUnsafeBufferPointer { first in
        other.values.withUnsafeBufferPointer { second in
          for sample in 0..<batch {
            multiply(
              rows: rows, columns: columns, inner: inner,
              first.baseAddress.map { $0 + sample * rows * inner },
              second.baseAddress.map { $0 + sample * columns * inner }, transposesB: transposed,
              into: out.baseAddress.map { $0 + sample * rows * columns })
          }
        }
      }
    }
  }
}
