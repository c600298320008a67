import Synchronization
import VectorKernels

/// What a differentiated walk keeps of every position, so that it can be walked back.
///
/// The way back writes the gradients of the gates' sums over gates that it has read: no second
/// buffer of that size is needed, and a tape is good for one way back.
final class RecurrentTape: Sendable {
  /// What stands where.
  let layout: Layout
  /// (position, batch, block, unit).
  let numbers: Numbers
  private let isUsed = Mutex(false)

  /// What stands in which block of `units` numbers: first what is recorded, then what the way back
  /// needs beside it.
  struct Layout: Sendable {
    /// How many blocks a sample has at a position.
    let blocks: Int
    /// The first of the blocks that become gradients of x·W, one a gate.
    let gates: Int
    /// The hidden state after the step.
    let hidden: Int
    /// The cell state after the step, of an LSTM.
    let cell: Int?
    /// Of a GRU's candidate: with `reset_after` h₋₁·U + b, which becomes its gradient; else the
    /// place of r·h₋₁.
    let candidate: Int?

    init(_ cell: RecurrentCell) {
      switch cell {
      case .LSTM:
        (blocks, gates, hidden, self.cell, candidate) = (6, 0, 5, 4, nil)
      case .gruResetAfter, .gruResetBefore:
        (blocks, gates, hidden, self.cell, candidate) = (5, 0, 3, nil, 4)
      case .simple:
        (blocks, gates, hidden, self.cell, candidate) = (2, 1, 0, nil, nil)
      }
    }
  }

  /// Room for all positions of a walk.
  ///
  /// - Throws: `PassError` where there cannot be so much.
  init(for walk: TimestepWalk) throws(PassError) {
    layout = Layout(walk.layer.kernelCell)
    let sizes = [walk.timesteps, walk.batch, layout.blocks, walk.layer.units]
    var count = MemoryLayout<Float>.stride
    for size in sizes {
      guard let product = multiplied(count, size) else {
        throw PassError("the timesteps of \(walk.layer.className) do not fit into memory")
      }
      count = product
    }
    numbers = Numbers(count: count / MemoryLayout<Float>.stride)
  }

  /// Says that the way back is gone.
  ///
  /// - Throws: `PassError` where it was gone before.
  func use() throws(PassError) {
    let isFirst = isUsed.withLock { isUsed in
      defer { isUsed = true }
      return !isUsed
    }
    guard isFirst else {
      throw PassError("the way back was gone already", remedy: "run the pass again")
    }
  }
}

extension TimestepWalk {
  /// Where block 0 of sample 0 at `position` stands.
  func place(of position: Int, in tape: RecurrentTape) -> Place {
    let sample = tape.layout.blocks * layer.units
    return Place(
      start: tape.numbers.start + position * batch * sample, sampleStride: sample,
      stepStride: batch * sample, takesCandidateSums: layer.kernelCell == .gruResetAfter)
  }
}
