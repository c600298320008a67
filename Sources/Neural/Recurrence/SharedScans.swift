import Synchronization

extension RecurrentScan {
  /// Runs directions, each with where its outputs go, at the same time where that pays.
  ///
  /// - Throws: `PassError` where one cannot be run.
  static func run(_ scans: [(scan: RecurrentScan, output: TimestepWalk.Place?)]) throws(PassError) {
    // Below this it is done before another thread is awake.
    let leastToShare = 2e6
    let work = scans.reduce(0) { $0 + $1.scan.walk.multiplyAdds }
    guard work >= leastToShare, processorCount > 1 else {
      for (scan, output) in scans {
        for samples in scan.walk.shares(of: 1) {
          try scan.run(0..<scan.walk.timesteps, samples: samples, output: output)
        }
      }
      return
    }
    let shared = SharedScans(scans)
    concurrently(min(processorCount, shared.chains.count)) { _ in shared.work() }
    if let failure = shared.failure { throw failure }
  }
}

/// Directions that several threads walk: cut by samples into chains, and these by time into
/// stretches that any thread may take in turn.
///
/// Processors are seldom equally fast, for others use them as well: who is done early takes more.
/// What comes out does not depend on who took what.
private final class SharedScans: Sendable {
  /// Some samples of a direction.
  struct Chain: Sendable {
    let scan: RecurrentScan
    let output: TimestepWalk.Place?
    let samples: Range<Int>
    /// How many positions are taken at once.
    let stretch: Int
  }

  let chains: [Chain]
  private let progress: Mutex<Progress>

  private struct Progress {
    /// The positions that each chain has done or has under way.
    var taken: [Int]
    var isBusy: [Bool]
    var failure: PassError?
  }

  init(_ scans: [(scan: RecurrentScan, output: TimestepWalk.Place?)]) {
    chains = scans.flatMap { scan, output in
      // Twice as many chains as processors: there is nearly always one to go on with.
      let shares = scan.walk.shares(of: max(2 * processorCount / scans.count, 1))
      // Long enough that taking one costs nothing beside it.
      let enough = 4e6
      let each = scan.walk.multiplyAdds / Double(shares.count * scan.walk.timesteps)
      let stretch = Int(min(enough / max(each, 1), Double(scan.walk.timesteps)))
      return shares.map {
        Chain(scan: scan, output: output, samples: $0, stretch: max(stretch, 8))
      }
    }
    progress = Mutex(
      Progress(
        taken: Array(repeating: 0, count: chains.count),
        isBusy: Array(repeating: false, count: chains.count)))
  }

  var failure: PassError? { progress.withLock { $0.failure } }

  /// Walks stretch after stretch until none is left for this thread.
  func work() {
    while let (index, positions) = next() {
      let chain = chains[index]
      do throws(PassError) {
        try chain.scan.run(positions, samples: chain.samples, output: chain.output)
        progress.withLock { $0.isBusy[index] = false }
      } catch {
        progress.withLock { $0.failure = error }
      }
    }
  }

  /// The next stretch of the chain that has most left, of those that nobody walks.
  private func next() -> (chain: Int, positions: Range<Int>)? {
    progress.withLock { progress in
      guard progress.failure == nil else { return nil }
      func left(_ index: Int) -> Double {
        let chain = chains[index]
        return Double(chain.scan.walk.timesteps - progress.taken[index])
          / Double(chain.scan.walk.timesteps)
      }
      let free = chains.indices.filter { !progress.isBusy[$0] && left($0) > 0 }
      guard let index = free.max(by: { left($0) < left($1) }) else { return nil }
      let start = progress.taken[index]
      let end = min(start + chains[index].stretch, chains[index].scan.walk.timesteps)
      progress.taken[index] = end
      progress.isBusy[index] = true
      return (index, start..<end)
    }
  }
}

extension TimestepWalk {
  /// The samples in parts: for several threads, and as many at a time as the caches hold.
  ///
  /// The kernel gives a sample the same numbers in any part; a product of the CBLAS does not.
  func shares(of count: Int) -> [Range<Int>] {
    // Fewer samples than the least would leave the multipliers idle.
    let (most, least, enough) = (64, 12, 2e6)
    var parts = 1
    if packed != nil {
      let byWork = Int(min(multiplyAdds / enough, Double(count)))
      parts = max((batch + most - 1) / most, min(count, byWork, batch / least), 1)
    }
    return (0..<parts).map { ($0 * batch / parts)..<(($0 + 1) * batch / parts) }
  }
}
