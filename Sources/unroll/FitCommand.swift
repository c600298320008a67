import ArgumentParser
import KerasFiles
import Neural
import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `unroll fit FILE`: trains a model on arrays or on what its script trains on.
struct FitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Train a model: on .npy, .npz or .csv files, or on its script's own data.",
    discussion: """
      Results go to standard output, a line an epoch; how far it has come and the time left to \
      standard error, on a terminal. Ctrl-C stops after the batch, saves, and ends with exit code \
      130; a second one ends at once. While it trains, --save is written every 30 seconds.

      Without --input a script trains on what its own fit() is given: it is run up to there.

        unroll fit model.py --input x.npy --target y.npy --epochs 20 --save trained.keras
        unroll fit model.py --input a.npy b.npy --target y.npy --history h.json
        unroll fit two_towers.py --epochs 5
        unroll fit model.keras --task tag-by-next --patience 3
      """)

  @Argument(
    help: "A Keras model: a .keras or .h5 file, a .py script or a .json config.",
    completion: .file(extensions: ModelFile.suffixes))
  var file: String?

  @OptionGroup var run: RunOptions

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "What the model should give: a .npy, .npz or .csv file for each output, as for --input.",
      valueName: "Y.npy"), completion: .file(extensions: ["npy", "npz", "csv"]))
  var target: [String] = []

  @Option(
    help: ArgumentHelp(
      "A toy task to learn instead: "
        + ToyTask.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "NAME"),
    completion: .list(ToyTask.allCases.map(\.rawValue)))
  var task: String?

  @OptionGroup(title: "Training") var fit: FitOptions

  @Option(
    help: ArgumentHelp(
      """
      Where the trained model goes: a .keras or .h5 file, or the weights alone as .weights.h5 or \
      .npz.
      """, valueName: "OUT"), completion: .file(extensions: ["keras", "h5", "npz"]))
  var save: String?

  @Option(
    help: ArgumentHelp("Where the results of the epochs go, as JSON.", valueName: "H.json"),
    completion: .file(extensions: ["json"]))
  var history: String?

  @OptionGroup var options: ModelOptions

  mutating func validate() throws {
    file = file ?? run.takeFile() ?? takeFile()
    guard file != nil else {
      throw ValidationError("name a model: unroll fit FILE --input X.npy --target Y.npy")
    }
    if task != nil, !run.input.isEmpty || !target.isEmpty {
      throw ValidationError("--task makes inputs and targets: leave --input and --target out")
    }
    if run.input.isEmpty != target.isEmpty {
      throw ValidationError(
        run.input.isEmpty
          ? "--target needs --input, what the model reads"
          : "--input needs "
            + "--target, what the model should give")
    }
  }

  /// A model's file that stands behind the files of `--target` or the names of `--metrics`.
  private mutating func takeFile() -> String? {
    if target.count > 1, let last = target.last, ModelFiles.isModel(last) {
      return target.removeLast()
    }
    if let last = fit.metrics.last, ModelFiles.isModel(last) { return fit.metrics.removeLast() }
    return nil
  }

  func run() async throws {
    guard let file else { return }
    if let save {
      do throws(FileError) {
        try ModelFile.checkSavable(save)
      } catch {
        throw Failure(error.description)
      }
    }
    let prepared = try await prepared(file)
    Interrupts.watch()
    var loop = FitLoop(
      prepared.fitting, path: file, compileConfig: prepared.compileConfig,
      stored: prepared.stored, save: save, history: history)
    // Passes run where threads of their own compute.
    try await Task(executorPreference: ComputingExecutor.shared) { try loop.run() }.value
  }

  private typealias Prepared = (
    fitting: Fitting, compileConfig: ConfigValue?, stored: StoredWeights?
  )

  private func prepared(_ file: String) async throws -> Prepared {
    let source = try await FitSource.open(
      file, options, run, targets: target, task: task)
    for remark in source.remarks { printError("unroll: " + Sanitizer.sanitized(remark)) }
    let settings = fit.applied(to: source.settings, seed: options.seed)
    let first = try run.weights(for: source.model)
    if fit.batchSize != nil, source.data.count < settings.batchSize {
      printError(
        "unroll: the batch size \(settings.batchSize.grouped) is more than there is: all "
          + "\(source.data.count.grouped) samples are one batch")
    }
    do throws(PassError) {
      let compilation = try fit.compilation(
        source.compileConfig, suggested: source.compilation, for: source.model,
        targets: source.data.targets)
      var trainer = try Trainer(
        source.model, compilation, weights: first?.weights ?? source.weights ?? ModelWeights(),
        data: source.data, seed: options.seed, memoryLimit: run.limit)
      // Another optimizer starts anew; one with other weights goes on from what came with them.
      let kept = first == nil ? try source.optimizerVariables(run.limit) : first?.optimizer ?? []
      if fit.optimizer == nil, task == nil,
        let remark = trainer.resume(from: kept, of: run.weights ?? file)
      {
        printError("unroll: " + Sanitizer.sanitized(remark))
      }
      if let rate = fit.learningRate { try trainer.setLearningRate(rate) }
      let fitting = try Fitting(trainer, data: source.data, settings: settings)
      let saysOther =
        fit.optimizer != nil || fit.loss != nil || !fit.metrics.isEmpty
        || source.compileConfig == nil
      return (
        fitting, saysOther ? compilation.config : source.compileConfig, source.stored
      )
    } catch {
      throw Failure("\(file): \(error)")
    }
  }
}
