import Neural

/// What `predict` costs on recurrent models: a warm pass with a fresh output each time.
enum RecurrentPasses {
  /// 32 samples of 128 timesteps and 20 features, 50 units each way.
  static func bilstm(_ seconds: Double) throws -> Measurement {
    try predict(
      batch: 32, timesteps: 128, features: 20,
      Bidirectional(NamedLayer("lstm", LSTM(units: 50, returnSequences: true))), seconds)
  }

  /// 32 samples of 128 timesteps and 128 features, 256 units each way.
  static func wide(_ seconds: Double) throws -> Measurement {
    try predict(
      batch: 32, timesteps: 128, features: 128,
      Bidirectional(NamedLayer("lstm", LSTM(units: 256, returnSequences: true))), seconds)
  }

  /// One sample of 1,000 timesteps and 20 features, 50 units.
  static func stream(_ seconds: Double) throws -> Measurement {
    try predict(
      batch: 1, timesteps: 1000, features: 20, LSTM(units: 50, returnSequences: true), seconds)
  }

  private static func predict(
    batch: Int, timesteps: Int, features: Int, _ layer: any Layer, _ seconds: Double
  ) throws -> Measurement {
    let model = Model(
      input: InputLayer(batchShape: [nil, timesteps, features]),
      layers: [NamedLayer("recurrent", layer)])
    let plan = try PassPlan(model, inputSizes: [[batch, timesteps, features]])
    let weights = try ModelWeights(initializing: model, plan.analysis, seed: 1)
    var random = RandomNumbers(seed: 2)
    let input = Tensor([batch, timesteps, features]) { out in
      for index in out.indices { out[index] = Float(random.normal()) }
    }
    var options = PassOptions()
    options.keepsEverything = false
    return try Measurement(seconds: seconds) {
      let pass = try plan.run(on: [input], weights: weights, options: options)
      precondition(pass.outputs[0].values[0].isFinite)
    }
  }
}
