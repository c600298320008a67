import Neural

/// What a script trains on: a model with all that its first `fit` was given, nothing trained yet.
public struct ScriptTraining: Sendable {
  /// The variable that holds the model; `nil` where the script keeps it in none.
  public var variable: String?
  /// The model, as `ModelFile` would give it.
  public var model: Model
  /// Its weights at that moment.
  public var weights: ModelWeights
  /// How it is trained: what `compile` said.
  public var compilation: Compilation
  /// The arguments of `compile`, as files keep them.
  public var compileConfig: ConfigValue
  /// The samples.
  public var data: TrainingData
  /// How `fit` goes over them.
  ///
  /// Callbacks that write files or call the script are left out.
  public var settings: FitSettings
  /// What is trained on, in words: `two_towers.py: x1, x2, y (100 samples)`.
  public var label: String
  /// What is worth saying about the script, a line each.
  public var remarks: [String] = []
}
