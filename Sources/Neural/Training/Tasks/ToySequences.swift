/// Sequences of symbols with the answers that a task wants of them.
struct ToySequences {
  /// The symbols, 0, 1, …: (samples, timesteps).
  let symbols: [Int]
  /// A class for each sequence, or for each timestep: (samples) or (samples, timesteps).
  let answers: [Int]
  let samples: Int
  let timesteps: Int

  /// Draws sequences.
  ///
  /// Where a sequence has one answer, all answers come equally often.
  /// - Parameters:
  ///   - task: what is asked.
  ///   - samples: how many sequences.
  ///   - timesteps: symbols of a sequence.
  ///   - count: how many different symbols there are, at least 2.
  ///   - seed: equal seeds give equal sequences.
  /// - Throws: `PassError` where there are too few or too many of anything.
  init(
    _ task: ToyTask, samples: Int, timesteps: Int, symbols count: Int, seed: UInt64
  ) throws(PassError) {
    try Self.check(task, samples: samples, timesteps: timesteps, width: 1)
    var random = RandomNumbers(seed: RandomNumbers.seed(seed, task.rawValue))
    let classes = task.kind == .oneAnswer ? task.classes(symbols: count, timesteps: timesteps) : 1
    var order = (0..<samples).map { $0 % classes }
    order.shuffle(using: &random)
    var symbols: [Int] = []
    var answers: [Int] = []
    symbols.reserveCapacity(samples * timesteps)
    for wanted in order {
      var sequence = (0..<timesteps).map { _ in Int.random(in: 0..<count, using: &random) }
      task.turn(&sequence, into: wanted, &random)
      symbols += sequence
      answers += task.answers(to: sequence)
    }
    (self.symbols, self.answers) = (symbols, answers)
    (self.samples, self.timesteps) = (samples, timesteps)
  }

  /// Whether so much data makes sense, before anything is allocated.
  static func check(
    _ task: ToyTask, samples: Int, timesteps: Int, width: Int
  ) throws(PassError) {
    guard samples >= 1 else { throw PassError("\(samples) samples are none to learn from") }
    guard timesteps >= task.fewestTimesteps else {
      throw PassError(
        "\(task.title) needs \(task.fewestTimesteps) timesteps or more, found \(timesteps)")
    }
    guard width >= 1 else { throw PassError("\(width) features have no room for symbols") }
    // Symbols and answers while they are made, and the numbers.
    let each = Count(samples) * Count(timesteps)
    try MemoryLimit.standard.check(
      each * 16 + each * Count(width) * 4, what: "the task's sequences",
      remedy: "use fewer samples or timesteps")
  }

  /// The symbols one-hot: feature s is 1 where the symbol is s; a single feature is the symbol.
  func inputs(features: Int) -> Tensor {
    Tensor([samples, timesteps, features]) { out in
      out.update(repeating: 0)
      for (place, symbol) in symbols.enumerated() {
        if features == 1 {
          out[place] = Float(symbol)
        } else if symbol < features {
          out[place * features + symbol] = 1
        }
      }
    }
  }

  /// The symbols as indices, from `first` on.
  func indices(from first: Int) -> Tensor {
    Tensor([samples, timesteps], symbols.map { Float($0 + first) })
  }

  /// The answers as numbers of classes.
  var targets: Tensor {
    Tensor(answers.count == samples ? [samples] : [samples, timesteps], answers.map { Float($0) })
  }
}

extension ToyTask {
  /// Sequences with their answers.
  ///
  /// Input: (samples, timesteps, features), symbols one-hot, features beyond the symbols zero; a
  /// single feature is the symbol's number. Target: the number of a class, (samples) or
  /// (samples, timesteps).
  /// - Parameters:
  ///   - samples: how many sequences.
  ///   - timesteps: symbols of a sequence.
  ///   - features: numbers of a timestep.
  ///   - seed: equal seeds give equal data.
  /// - Returns: one input and one target.
  /// - Throws: `PassError` where there are too few or too many of anything.
  public func data(
    samples: Int, timesteps: Int, features: Int, seed: UInt64
  ) throws(PassError) -> TrainingData {
    try ToySequences.check(self, samples: samples, timesteps: timesteps, width: features)
    let sequences = try ToySequences(
      self, samples: samples, timesteps: timesteps, symbols: symbols(atMost: features), seed: seed)
    let inputs = sequences.inputs(features: features)
    return TrainingData(inputs: [inputs], targets: [sequences.targets])
  }

  /// Changes a sequence so that its answer is the one that is wanted, where a sequence has one.
  fileprivate func turn(
    _ sequence: inout [Int], into wanted: Int, _ random: inout RandomNumbers
  ) {
    guard let last = sequence.indices.last else { return }
    switch self {
    case .recallFirst: sequence[0] = wanted
    case .recallLast: sequence[last] = wanted
    case .parity: if answers(to: sequence) != [wanted] { sequence[last] = 1 - sequence[last] }
    case .palindrome:
      let half = sequence.count / 2
      for place in 0..<half { sequence[last - place] = sequence[place] }
      guard wanted == 0 else { return }
      // Each half by itself looks as random as before; at least one pair differs.
      let differing = Int.random(in: 1...half, using: &random)
      for place in (0..<half).shuffled(using: &random).prefix(differing) {
        sequence[last - place] = 1 - sequence[last - place]
      }
    case .runningSum, .delayedEcho, .tagByNext: break
    }
  }

  /// The right answers to a sequence: one, or one at each timestep.
  func answers(to sequence: [Int]) -> [Int] {
    switch self {
    case .recallFirst: return Array(sequence.prefix(1))
    case .recallLast: return Array(sequence.suffix(1))
    case .palindrome: return [sequence == sequence.reversed() ? 1 : 0]
    case .parity: return [sequence.count { $0 == 1 } % 2]
    case .runningSum:
      var sum = 0
      return sequence.map { symbol in
        sum += symbol == 1 ? 1 : 0
        return sum
      }
    case .delayedEcho:
      return sequence.indices.map { $0 < ToyTask.delay ? 0 : sequence[$0 - ToyTask.delay] }
    case .tagByNext: return Array(sequence.dropFirst()) + [0]
    }
  }
}
