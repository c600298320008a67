import KerasFiles
import Neural
import Screen

/// A model with its weights and what it is run on, batch by batch as Keras does.
struct ModelRun {
  /// The model's file.
  let path: String
  let model: Model
  /// A tensor for each input.
  let inputs: [Tensor]
  /// What the inputs are, in words.
  let inputLabel: String
  /// Samples of a batch: what the model says, else 32.
  let batch: Int
  let limit: MemoryLimit
  private let weights: ModelWeights
  private let isStateful: Bool
  private var plans: [Int: PassPlan] = [:]
  private var states: [LayerID: [Tensor]] = [:]
  /// What is to be said once the first pass went well.
  private var remark: String?

  /// Keras' size of a batch where nobody says one.
  private static let usualBatch = 32

  /// How many samples there are.
  var samples: Int { inputs.first?.sizes.first ?? 0 }

  /// Opens a model, reads what it is run on, and makes its weights.
  ///
  /// - Parameters:
  ///   - path: the model's file.
  ///   - options: what is said of the model.
  ///   - run: what is said of the run.
  ///   - usual: what it is run on where the options do not say; `nil`: they must.
  /// - Throws: `Failure` where a file cannot be read or does not fit.
  init(
    _ path: String, _ options: ModelOptions, _ run: RunOptions, usual: SampleInput?
  ) async throws(Failure) {
    var opening = options
    opening.timesteps = nil
    let opened = try await ModelFiles.open(path, opening)
    for remark in opened.remarks { printError("unroll: " + Sanitizer.sanitized(remark)) }
    self.path = path
    model = try Self.model(opened.documents[opened.current].model, path, options)
    limit = run.limit
    let isStateful = model.layers.values.contains { $0.layer.isStateful }
    self.isStateful = isStateful
    let declared = model.inputDescriptions.lazy.compactMap { $0.shape?.axes.first?.size }.first
    batch = max(declared ?? Self.usualBatch, 1)
    (inputs, inputLabel) = try Self.inputs(
      of: model, path, options, run, usual: usual, samples: isStateful ? declared ?? 1 : 1)
    var known = try run.weights(for: model)?.weights
    if known == nil { known = try opened.loadedWeights(limit: run.limit) }
    do throws(PassError) {
      let first = min(batch, inputs.first?.sizes[0] ?? 1)
      let plan = try PassPlan(model, inputSizes: inputs.map { [first] + $0.sizes.dropFirst() })
      plans[first] = plan
      let numbers = plan.analysis.total.total
      guard numbers * 4 <= Count(limit.bytes) else {
        throw PassError(
          "the weights would take \((numbers * 4).grouped) bytes, allowed are "
            + Count(limit.bytes).grouped,
          remedy: "use fewer units, or allow more with --memory")
      }
      weights = try ModelWeights(
        initializing: model, plan.analysis, seed: options.seed, keeping: known ?? ModelWeights())
      if numbers > 0, known == nil {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        remark = "no weights in \(name): initialised with seed \(options.seed)"
      }
    } catch {
      throw Failure("\(path): \(error)")
    }
    try checkBatches()
  }

  /// A stateful model goes on from sample to sample of a batch: all batches are of one size.
  private func checkBatches() throws(Failure) {
    guard isStateful, samples % batch != 0 else { return }
    throw Failure(
      "\(path): the model is stateful and takes \(batch.grouped) samples at a time: "
        + "\(samples.grouped) are not a multiple of that; --batch sets how many it takes")
  }

  /// The samples of each batch.
  var batches: [Range<Int>] {
    stride(from: 0, to: samples, by: batch).map { $0..<min($0 + batch, samples) }
  }

  /// Runs the model on a batch; a stateful one goes on from the batch before.
  ///
  /// - Throws: `Failure` where a layer cannot be run or memory does not suffice.
  mutating func pass(on range: Range<Int>, _ options: PassOptions) throws(Failure) -> ModelPass {
    var options = options
    options.memoryLimit = limit
    options.states = states
    do throws(PassError) {
      let parts = inputs.map { range.count == samples ? $0 : $0.samples(range) }
      if plans[range.count] == nil {
        plans[range.count] = try PassPlan(model, inputSizes: parts.map(\.sizes))
      }
      guard let plan = plans[range.count] else { throw PassError("the pass has no plan") }
      let pass = try plan.run(on: parts, weights: weights, options: options)
      states = pass.states
      if let remark { printError("unroll: " + Sanitizer.sanitized(remark)) }
      remark = nil
      return pass
    } catch {
      let more = error.message.contains("bytes, allowed are") ? ", or allow more with --memory" : ""
      throw Failure("\(path): \(error)\(more)")
    }
  }

  /// Runs the batches that a stateful model goes on from, so that the batch that follows starts
  /// where it must.
  ///
  /// - Throws: `Failure` where a layer cannot be run or memory does not suffice.
  mutating func advance(to batch: Range<Int>) throws(Failure) {
    guard isStateful else { return }
    var options = PassOptions()
    options.keepsEverything = false
    for earlier in batches where earlier.upperBound <= batch.lowerBound {
      _ = try pass(on: earlier, options)
    }
  }

  /// What follows from the model for its first batch.
  var analysis: Analysis? { plans.values.first?.analysis }

  /// The outputs of the model for one batch, as shapes; `nil` where a size is not known.
  var outputSizes: [[Int]]? {
    guard let shapes = analysis?.outputShapes, !shapes.isEmpty else {
      return nil
    }
    var result: [[Int]] = []
    for shape in shapes {
      let sizes = shape.sizes.compactMap { $0 }
      guard sizes.count == shape.rank else { return nil }
      result.append(sizes)
    }
    return result
  }

  /// Refuses what would take more memory than allowed.
  ///
  /// - Throws: `Failure` with the bytes it would take.
  func check(_ needed: Count, _ what: String) throws(Failure) {
    guard needed > Count(limit.bytes) else { return }
    throw Failure(
      "\(path): \(what) would take \(needed.grouped) bytes, allowed are "
        + "\(Count(limit.bytes).grouped); use fewer samples or timesteps, or allow more with "
        + "--memory")
  }
}

// MARK: - What it is run on
extension ModelRun {
  /// The model with the timesteps that were asked for; where no axis is known as time they are
  /// the length of what is free.
  private static func model(
    _ model: Model, _ path: String, _ options: ModelOptions
  ) throws(Failure) -> Model {
    guard let timesteps = options.timesteps else { return model }
    do throws(EditError) {
      return try model.settingInputAxis(.time, to: timesteps)
    } catch {
      guard model.freeAxes.isEmpty else { return model }
      throw Failure("\(path): \(error.message)")
    }
  }

  private typealias Inputs = (tensors: [Tensor], label: String)

  private static func inputs(
    of model: Model, _ path: String, _ options: ModelOptions, _ run: RunOptions,
    usual: SampleInput?, samples: Int
  ) throws(Failure) -> Inputs {
    if run.input.isEmpty {
      guard let usual else { throw missing(model, path) }
      return try made(usual, for: model, path, options, samples: samples, run.limit)
    }
    let words = run.input.joined(separator: " ")
    let name = words.prefix { $0 != " " }
    let isFile = ArrayFile.suffixes.contains { name.contains(".\($0)") }
    if SampleInput.names.contains(String(name))
      || !isFile && nearest(to: String(name), in: SampleInput.names) != nil
    {
      let sample: SampleInput
      do throws(PassError) {
        sample = try SampleInput(words: words)
      } catch {
        throw Failure("--input: \(error)")
      }
      return try made(sample, for: model, path, options, samples: samples, run.limit)
    }
    do throws(FileError) {
      let arrays = try InputArrays(run.input, for: model, limit: run.limit)
      if let place = model.firstNotANumber(in: arrays.tensors) {
        let more = place.count > 1 ? " and \((place.count - 1).grouped) more" : ""
        printError(
          Sanitizer.sanitized(
            "unroll: \(arrays.paths[place.input]): not a number (nan) at \(place)\(more)"))
      }
      return (arrays.tensors, arrays.paths.joined(separator: ", "))
    } catch {
      throw Failure(error.description)
    }
  }

  private static func missing(_ model: Model, _ path: String) -> Failure {
    let inputs = model.inputDescriptions
    let noun = inputs.count == 1 ? "the input" : "the inputs"
    return Failure(
      "\(path): say what the model reads, \(noun) \(InputArrays.described(inputs)): "
        + "--input \(inputs.count == 1 ? "x.npy" : "FILE for each") "
        + "(numpy.save writes one), or --input sine")
  }

  private static func made(
    _ sample: SampleInput, for model: Model, _ path: String, _ options: ModelOptions, samples: Int,
    _ limit: MemoryLimit
  ) throws(Failure) -> Inputs {
    do throws(PassError) {
      let tensors = try sample.tensors(
        for: model, samples: samples, length: options.timesteps, limit: limit)
      for remark in sample.remarks(for: model, length: options.timesteps) {
        printError(Sanitizer.sanitized("unroll: \(remark)"))
      }
      return (tensors, sample.label)
    } catch {
      guard options.timesteps == nil, !model.freeAxes.isEmpty else {
        throw Failure("\(path): \(error)")
      }
      throw Failure("\(path): \(error.message); --timesteps 12 makes 12")
    }
  }
}
