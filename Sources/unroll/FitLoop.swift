import ArgumentParser
import KerasFiles
import Neural
import OrderedCollections
import Screen

/// A training on its way: batch by batch, with its lines, checkpoints and files.
struct FitLoop {
  private var fitting: Fitting
  private let path: String
  private let compileConfig: ConfigValue?
  /// The file that the model is from, for what it holds that nobody here knows.
  private let stored: StoredWeights?
  private let save: String?
  private let history: String?
  private var progress = FitProgress()
  private var output = StandardOutput()
  private var lastSave = ContinuousClock.now
  private var epochStart = ContinuousClock.now

  /// How long a checkpoint is good for.
  private static let saveInterval = Duration.seconds(30)

  /// A training that has not begun.
  ///
  /// - Parameters:
  ///   - fitting: the training.
  ///   - path: the model's file, for messages.
  ///   - compileConfig: what `compile` was given, for the file that is saved.
  ///   - stored: what else the model's file holds.
  ///   - save: where the trained model goes.
  ///   - history: where the results go.
  init(
    _ fitting: Fitting, path: String, compileConfig: ConfigValue?, stored: StoredWeights?,
    save: String?, history: String?
  ) {
    self.fitting = fitting
    self.path = path
    self.compileConfig = compileConfig
    self.stored = stored
    self.save = save
    self.history = history
  }

  /// Trains to the end, or until Ctrl-C.
  ///
  /// - Throws: `Failure` where it cannot go on or a file cannot be written, `ExitCode` after
  ///   Ctrl-C.
  mutating func run() throws {
    while true {
      if Interrupts.happened { return try stop() }
      let event: Fitting.Event
      do throws(PassError) {
        event = try fitting.advance()
      } catch {
        progress.end()
        let more =
          error.message.contains("bytes, allowed are") ? ", or allow more with --memory" : ""
        throw Failure("\(path): \(error)\(more)")
      }
      if case .ended(let reason) = event { return try end(reason) }
      try follow(event)
      if save != nil, ContinuousClock.now - lastSave >= Self.saveInterval { try saveModel() }
    }
  }

  private mutating func follow(_ event: Fitting.Event) throws(Failure) {
    switch event {
    case .epochBegan: epochStart = .now
    case .trained(_, let results):
      progress.show(fitting, results)
    case .epochEnded(let epoch, let results):
      progress.end()
      let seconds = Int((ContinuousClock.now - epochStart) / .seconds(1))
      try output.write(
        "epoch \(epoch + 1)/\(fitting.settings.epochs) - \(seconds)s"
          + ProgressBar.text(of: results) + "\n")
      try output.flush()
    case .remark(let text):
      progress.end()
      printError("unroll: " + Sanitizer.sanitized(text))
    case .validated, .checkpoint, .log, .ended: break
    }
  }

  private mutating func end(_ reason: Fitting.Reason) throws {
    progress.end()
    let saved = try saveAll()
    guard case .notANumber(let epoch, let batch) = reason else {
      if let saved { printError("unroll: saved \(saved)") }
      return
    }
    throw Failure(
      "\(path): the loss is not a number in epoch \(epoch), batch \(batch): training stopped; "
        + (saved.map { "the weights before that batch are in \($0)" }
          ?? "--save keeps the weights before that batch")
        + "; try a smaller --learning-rate")
  }

  /// Ctrl-C: all that was learnt is kept.
  private mutating func stop() throws {
    progress.end()
    let saved = try saveAll()
    let place =
      fitting.batch > 0
      ? "in epoch \(fitting.epoch + 1) after batch \(fitting.batch)"
      : "before epoch \(fitting.epoch + 1)"
    printError(
      "unroll: stopped \(place); "
        + (saved.map { "saved \($0)" } ?? "nothing is saved: --save OUT keeps the weights"))
    throw ExitCode(Interrupts.exitCode)
  }

  /// Saves model and history.
  ///
  /// - Returns: the name of the model's file, and what it holds where that is not all.
  private mutating func saveAll() throws(Failure) -> String? {
    let saved = try saveModel()
    if let history {
      do throws(FileError) {
        try HistoryFile.save(fitting.history, to: history)
      } catch {
        throw Failure(error.description)
      }
    }
    return saved
  }

  @discardableResult
  private mutating func saveModel() throws(Failure) -> String? {
    guard let save else { return nil }
    lastSave = .now
    do throws(FileError) {
      let contents = try ModelContents(
        of: fitting.trainer, compiledAs: compileConfig, from: stored)
      let note = try ModelFile.replace(save, with: contents)
      return note.map { "\(save) (\($0))" } ?? save
    } catch {
      progress.end()
      throw Failure(error.description)
    }
  }
}
