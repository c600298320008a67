import Synchronization

/// A direction that is walked step by step: the next ones, of all samples or of some.
protocol SharedWalk: Sendable {
  /// What is walked over.
  var walk: TimestepWalk { get }
  /// How many multiplications with an addition all steps take.
  var multiplyAdds: Double { get }
  /// Takes steps, counted from the first one that is taken; those of other samples may be taken at
  /// the same time.
  ///
  /// - Throws: `PassError` where memory is short or an activation cannot be computed.
  func take(_ steps: Range<Int>, samples: Range<Int>) throws(PassError)
}

extension SharedWalk {
  /// Takes all steps of some directions, at the same time where that pays.
  ///
  /// - Throws: `PassError` where one cannot be run.
  static func run(_ walks: [Self]) throws(PassError) {
    // Below this it is done before another thread is awake.
    let leastToShare = 2e6
    let work = walks.reduce(0) { $0 + $1.multiplyAdds }
    guard work >= leastToShare, processorCount > 1 else {
      for walk in walks {
        for samples in walk.walk.shares(of: 1) {
          try walk.take(0..<walk.walk.timesteps, samples: samples)
        }
      }
      return
    }
    let shared = SharedScans(walks)
    concurrently(min(processorCount, shared.chains.count)) { _ in shared.work() }
    if let failure = shared.failure { throw failure }
  }
}

/// A way forward, and where its outputs go.
struct ScanForward: SharedWalk {
  let scan: RecurrentScan
  let output: TimestepWalk.Place?

  var walk: TimestepWalk { scan.walk }
  var multiplyAdds: Double { scan.walk.multiplyAdds }

  func take(_ steps: Range<Int>, samples: Range<Int>) throws(PassError) {
    try scan.run(steps, samples: samples, output: output)
  }
}

extension RecurrentScan {
  /// Runs directions, each with where its outputs go, at the same time where that pays.
  ///
  /// - Throws: `PassError` where one cannot be run.
  static func run(_ scans: [(scan: RecurrentScan, output: TimestepWalk.Place?)]) throws(PassError) {
    try ScanForward.run(scans.map { ScanForward(scan: $0.scan, output: $0.output) })
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
    let walk: any SharedWalk
    let samples: Range<Int>
    /// How many steps are taken at once.
    let stretch: Int

    var timesteps: Int { walk.walk.timesteps }
  }

  let chains: [Chain]
  private let progress: Mutex<Progress>

  private struct Progress {
    /// The steps that each chain has done or has under way.
    var taken: [Int]
    var isBusy: [Bool]
    var failure: PassError?
  }

  init(_ walks: [any SharedWalk]) {
    chains = walks.flatMap { walk in
      let timesteps = walk.walk.timesteps
      // Twice as many chains as processors: there is nearly always one to go on with.
      let shares = walk.walk.shares(of: max(2 * processorCount / walks.count, 1))
      // Long enough that taking one costs nothing beside it.
      let enough = 4e6
      let each = walk.multiplyAdds / Double(shares.count * timesteps)
      let stretch = Int(min(enough / max(each, 1), Double(timesteps)))
      return shares.map { Chain(walk: walk, samples: $0, stretch: max(stretch, 8)) }
    }
    progress = Mutex(
      Progress(
        taken: Array(repeating: 0, count: chains.count),
        isBusy: Array(repeating: false, count: chains.count)))
  }

  var failure: PassError? { progress.withLock { $0.failure } }

  /// Walks stretch after stretch until none is left for this thread.
  func work() {
    while let (index, steps) = next() {
      let chain = chains[index]
      do throws(PassError) {
        try chain.walk.take(steps, samples: chain.samples)
        progress.withLock { $0.isBusy[index] = false }
      } catch {
        progress.withLock { $0.failure = error }
      }
    }
  }

  /// The next stretch of the chain that has most left, of those that nobody walks.
  private func next() -> (chain: Int, steps: Range<Int>)? {
    progress.withLock { progress in
      guard progress.failure == nil else { return nil }
      func left(_ index: Int) -> Double {
        let chain = chains[index]
        return Double(chain.timesteps - progress.taken[index]) / Double(chain.timesteps)
      }
      let free = chains.indices.filter { !progress.isBusy[$0] && left($0) > 0 }
      guard let index = free.max(by: { left($0) < left($1) }) else { return nil }
      let start = progress.taken[index]
      let end = min(start + chains[index].stretch, chains[index].timesteps)
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
