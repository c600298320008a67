import KerasFiles
import Neural

/// What `unroll fit` trains, and on what.
struct FitSource {
  let model: Model
  /// Where the weights start; `nil`: first values.
  var weights: ModelWeights?
  /// The file that the weights are from; `nil`: a script or config.
  var stored: StoredWeights?
  /// The arguments of `compile`, where a file or script has them.
  var compileConfig: ConfigValue?
  let data: TrainingData
  /// How it is trained where no file says; `nil`: as suits its outputs.
  var compilation: Compilation?
  /// What a script's `fit` says; `nil` where there is none.
  var settings: FitSettings?
  var remarks: [String] = []

  /// Opens a model and reads what it is trained on.
  ///
  /// - Throws: `Failure` where a file cannot be read or does not fit.
  static func open(
    _ path: String, _ options: ModelOptions, _ run: RunOptions, targets: [String],
    task: String?
  ) async throws(Failure) -> FitSource {
    do throws(FileError) {
      if let task { return try await toy(task, path, options) }
      return run.input.isEmpty
        ? try await script(path, options, run) : try await files(path, options, run, targets)
    } catch {
      throw Failure(error.description)
    }
  }

  /// What the file has of an optimizer.
  ///
  /// - Throws: `PassError` where it cannot be read.
  func optimizerVariables(_ limit: MemoryLimit) throws(PassError) -> [OptimizerVariable] {
    do throws(FileError) {
      return try stored?.optimizerVariables(limit: limit) ?? []
    } catch {
      throw PassError(error.message)
    }
  }

  private typealias Opened = (model: Model, entry: ModelFile.Entry, remarks: [String])

  /// The model of a file, with the batch and the timesteps that were asked for.
  private static func model(
    _ path: String, _ options: ModelOptions
  ) async throws(FileError) -> Opened {
    let file = try await ModelFile.open(path, settings: options.variables)
    let entry = file.models[try ModelFiles.index(in: file, path, options)]
    do throws(EditError) {
      return (try options.applied(to: entry.model), entry, file.remarks)
    } catch {
      throw FileError(path, error.message)
    }
  }

  /// A model with a toy task, which may put a layer behind it.
  private static func toy(
    _ name: String, _ path: String, _ options: ModelOptions
  ) async throws(FileError) -> FitSource {
    let names = ToyTask.allCases.map(\.rawValue)
    guard let task = ToyTask(rawValue: name) else {
      let near = nearest(to: name, in: names).map { "did you mean \($0)?" }
      throw FileError(
        "--task", "no task is called '\(name)'",
        remedy: near ?? "the tasks are \(names.joined(separator: ", "))")
    }
    let opened = try await model(path, options)
    let weights = try opened.entry.stored?.loaded()
    do throws(PassError) {
      let setup = try task.setUp(
        for: opened.model, timesteps: options.timesteps, seed: options.seed)
      var settings = FitSettings()
      (settings.epochs, settings.batchSize) = (10, setup.batchSize)
      settings.validationData = setup.validation
      let remark = setup.addedHead.map { ["\(path): \($0)"] } ?? []
      return FitSource(
        model: setup.model, weights: weights, stored: opened.entry.stored, data: setup.data,
        compilation: setup.compilation, settings: settings, remarks: opened.remarks + remark)
    } catch {
      throw FileError(path, error.message, remedy: error.remedy)
    }
  }

  /// A model with arrays from files.
  private static func files(
    _ path: String, _ options: ModelOptions, _ run: RunOptions, _ targets: [String]
  ) async throws(FileError) -> FitSource {
    let (model, entry, remarks) = try await model(path, options)
    let inputs = try InputArrays(run.input, for: model, limit: run.limit).tensors
    let samples = inputs.first?.sizes.first ?? 0
    let arrays = try TargetArrays(targets, for: model, samples: samples, limit: run.limit)
    return FitSource(
      model: model, weights: try entry.stored?.loaded(limit: run.limit), stored: entry.stored,
      compileConfig: entry.compileConfig,
      data: TrainingData(inputs: inputs, targets: arrays.tensors), remarks: remarks)
  }

  /// Runs a script up to its own `fit`.
  private static func script(
    _ path: String, _ options: ModelOptions, _ run: RunOptions
  ) async throws(FileError) -> FitSource {
    let remedy = "say what it is trained on: --input X.npy --target Y.npy, or --task NAME"
    guard path.lowercased().hasSuffix(".py") else {
      throw FileError(path, "holds no data to train on", remedy: remedy)
    }
    guard
      let training = try await ScriptTraining.of(
        path: path, model: options.model, settings: options.variables, seed: options.seed,
        memoryLimit: run.limit)
    else {
      throw FileError(
        path, "trains no model" + (options.model.map { " \($0)" } ?? "") + " of its own",
        remedy: remedy)
    }
    return FitSource(
      model: training.model, weights: training.weights, compileConfig: training.compileConfig,
      data: training.data, settings: training.settings, remarks: training.remarks)
  }
}
