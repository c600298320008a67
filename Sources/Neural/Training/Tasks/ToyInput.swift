/// How a model takes sequences.
struct ToyInput {
  /// Samples of a batch, where the model fixes them.
  let batch: Int?
  let timesteps: Int
  /// Numbers of a timestep; `nil` where an `Embedding` reads indices.
  let features: Int?
  /// The index of symbol 0, where an `Embedding` reads them.
  let firstIndex: Int
  /// How many symbols there is room for.
  let room: Int

  /// Reads what a model says of its input.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - task: what it is to answer.
  ///   - wanted: how many timesteps there are where the model leaves it open.
  /// - Throws: `PassError` where it does not take sequences of symbols.
  init(of model: Model, _ task: ToyTask, timesteps wanted: Int?) throws(PassError) {
    guard model.inputs.count == 1, let input = model.inputDescriptions.first else {
      throw PassError(
        "the toy tasks feed one input, this model has \(model.inputs.count)",
        remedy: "take a model with one input")
    }
    guard let shape = input.shape else {
      throw PassError(
        "the model does not say what comes in",
        remedy: "give its input a shape: (\(task.timesteps), \(ToyTask.features))")
    }
    let sizes = shape.sizes
    batch = sizes.first ?? nil
    if let batch, batch < 1 { throw PassError("the model takes batches of \(batch) samples") }
    if let indices = input.indices, sizes.count == 2 {
      guard indices.count >= 2 else {
        throw PassError(
          "the Embedding has room for \(indices.count) symbol\(indices.count == 1 ? "" : "s"), "
            + "the toy tasks need 2",
          remedy: "use an input_dim of \(2 + indices.lowerBound) or more")
      }
      features = nil
      firstIndex = indices.lowerBound
      room = indices.count
    } else if sizes.count == 3, input.indices == nil {
      let width = sizes[2] ?? ToyTask.features
      guard width >= 1 else { throw PassError("an input of \(width) features has no room") }
      features = width
      firstIndex = 0
      room = max(width, 2)
    } else {
      throw PassError(
        "the toy tasks are sequences, the model takes \(shape)",
        remedy: "give its input a time axis: (None, \(task.timesteps), \(ToyTask.features))")
    }
    if let fixed = sizes[1], let wanted, fixed != wanted {
      throw PassError("the model takes \(fixed) timesteps, not \(wanted)")
    }
    timesteps = sizes[1] ?? wanted ?? task.timesteps
    guard timesteps >= task.fewestTimesteps else {
      throw PassError(
        "\(task.title) needs \(task.fewestTimesteps) timesteps or more, the model takes "
          + "\(timesteps)", remedy: "change the shape of its input with e")
    }
  }

  /// The sizes of an input of some samples.
  func sizes(samples: Int) -> [Int] {
    let first = [batch ?? samples, timesteps]
    return features.map { first + [$0] } ?? first
  }
}
