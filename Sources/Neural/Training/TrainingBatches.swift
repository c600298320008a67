/// The batches of a fit, round after round over the data.
///
/// Source: `keras/src/trainers/epoch_iterator.py`,
/// `keras/src/trainers/data_adapters/array_data_adapter.py`.
struct TrainingBatches: Sendable {
  /// Batches that go over all data once.
  let perRound: Int
  private let data: TrainingData
  private let batchSize: Int
  private let shuffles: Bool
  private let seed: UInt64
  private let givenOrder: (@Sendable (Int) -> [Int])?
  /// Whether an epoch goes on where the last one stopped: `steps_per_epoch`.
  private let goesOn: Bool
  private var round = 0
  private var seen = 0
  private var order: [Int]?

  init(_ data: TrainingData, _ settings: FitSettings) throws(PassError) {
    self.data = data
    batchSize = settings.batchSize
    shuffles = settings.shuffles
    seed = settings.seed
    givenOrder = settings.order
    goesOn = settings.stepsPerEpoch != nil
    perRound = try batchCount(data.count, settings.batchSize)
  }

  /// Whether all data were gone over in this round.
  var haveRunOut: Bool { seen >= perRound }

  /// Makes ready for an epoch.
  mutating func beginEpoch() {
    if round == 0 || !goesOn || haveRunOut { beginRound() }
  }

  private mutating func beginRound() {
    round += 1
    seen = 0
    guard shuffles else { return }
    if let given = givenOrder?(data.count), given.sorted() == Array(0..<data.count) {
      order = given
      return
    }
    var numbers = RandomNumbers(seed: RandomNumbers.seed(seed, "round \(round)"))
    order = Array(0..<data.count).shuffled(using: &numbers)
  }

  /// The next batch.
  mutating func next() -> TrainingData {
    let start = seen * batchSize
    let range = start..<(start + min(batchSize, data.count - start))
    seen += 1
    guard let order else { return data.samples(range) }
    return data.samples(order[range])
  }
}
