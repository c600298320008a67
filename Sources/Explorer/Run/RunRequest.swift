import Neural

/// A run that is asked for: everything that decides its numbers.
public struct RunRequest: Sendable {
  /// Counts requests; a result whose request is not the newest is not looked at.
  public let number: Int
  /// The model.
  public let model: Model
  /// What it is run on.
  public let input: RunInput
  /// The size of the axes that the model leaves free.
  public let length: Int?
  /// What first values of weights are drawn from.
  public let seed: UInt64
  /// Weights to keep where their sizes still fit.
  public let weights: ModelWeights
  /// The weights of the model's file, for layers that have none of their sizes among `weights`.
  public var stored: (any WeightSource)?
}

extension RunRequest: Hashable {
  /// Whether both ask for the same run; their weights follow from the rest and earlier runs.
  public static func == (lhs: RunRequest, rhs: RunRequest) -> Bool {
    lhs.number == rhs.number && lhs.model == rhs.model && lhs.input == rhs.input
      && lhs.length == rhs.length && lhs.seed == rhs.seed
  }

  /// Feeds what tells most requests apart.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(number)
    hasher.combine(input)
  }
}

/// What a run gave.
public struct RunResult: Sendable {
  /// What was asked for.
  public let request: RunRequest
  /// The pass, with every timestep of its recurrent layers.
  public let pass: ModelPass
  /// The weights that it was made with.
  public let weights: ModelWeights
  /// The first number of the input that is none, in words; `nil` where all are numbers.
  let firstNaN: String?
  /// The largest magnitude in each layer's outputs.
  let scales: [TensorRef: Float]
  /// The largest magnitude among the hidden states of recurrent layers.
  let stateScales: [RunSource: Float]
  /// How many samples the input had where not all of them were run.
  let available: Int?
}

extension RunResult {
  /// How many timesteps the first input has; `nil` where it has no such axis.
  var inputTimesteps: Int? {
    guard let input = request.model.inputs.first, let shape = pass.analysis.shape(of: input) else {
      return nil
    }
    return shape.size(of: .time)
  }
}

/// Arrays that were read from files for a run.
public struct RunData: Sendable {
  /// A tensor for each input.
  public var tensors: [Tensor]
  /// How many samples the files have, where `tensors` holds fewer.
  public var available: Int?

  /// These tensors.
  public init(_ tensors: [Tensor], available: Int? = nil) {
    self.tensors = tensors
    self.available = available
  }

  /// Samples of a file that are run: more cannot be looked at one by one.
  public static let mostSamples = 64
}

extension RunRequest {
  /// Bytes of timesteps that each recurrent layer keeps; those of longer runs are computed again.
  static let recordingBytes = 64 << 20

  /// Makes the run: takes as long as the model takes.
  ///
  /// - Parameter data: what was read where the input is in files.
  /// - Returns: the pass, with every timestep.
  /// - Throws: `PassError` where the input does not fit, or a layer cannot be run.
  public func carryOut(on data: RunData? = nil) throws(PassError) -> RunResult {
    if let data { return try run(on: data) }
    guard case .sample(let sample) = input else { throw PassError("the files were not read") }
    do throws(PassError) {
      return try run(on: RunData(try sample.tensors(for: model, samples: 1, length: length)))
    } catch {
      // A model that fixes its batch may need all of it: a Reshape over samples, say.
      guard let batch = model.fixedBatch, batch > 1,
        let tensors = try? sample.tensors(for: model, samples: batch, length: length),
        let result = try? run(on: RunData(tensors))
      else { throw error }
      return result
    }
  }

  private func run(on data: RunData) throws(PassError) -> RunResult {
    let plan = try PassPlan(model, inputSizes: data.tensors.map(\.sizes))
    let known = try weights.completed(from: stored, for: plan.analysis.weights)
    let weights = try ModelWeights(initializing: model, plan.analysis, seed: seed, keeping: known)
    var options = PassOptions()
    options.recordingBytes = Self.recordingBytes
    // Nobody waits for a run that was stopped; what it says is not looked at.
    guard !Task.isCancelled else { throw PassError("stopped") }
    let pass = try plan.run(on: data.tensors, weights: weights, options: options)
    var scales: [TensorRef: Float] = [:]
    for (node, layer) in pass.passes {
      for (index, tensor) in layer.outputs.enumerated() {
        scales[TensorRef(node, index)] = tensor.largestMagnitude
      }
    }
    var stateScales: [RunSource: Float] = [:]
    for (node, layer) in pass.passes {
      for (part, recording) in layer.recordings.enumerated() {
        stateScales[RunSource(node: node, part: part)] = recording.largestState
      }
    }
    return RunResult(
      request: self, pass: pass, weights: weights, firstNaN: firstNaN(in: pass),
      scales: scales, stateScales: stateScales, available: data.available)
  }

  /// Where the first NaN of the inputs stands, in words.
  private func firstNaN(in pass: ModelPass) -> String? {
    guard let found = model.firstNotANumber(in: pass.inputs) else { return nil }
    let name =
      model.inputs.count > 1
      ? model.layer(of: model.inputs[found.input].node)?.name ?? "an input" : "the input"
    let more = found.count > 1 ? ", \(found.count) in all" : ""
    return "\(name) has NaN, first at \(found)\(more)"
  }
}

extension Tensor {
  /// The largest magnitude among its numbers, those that are none left out.
  var largestMagnitude: Float {
    values.withUnsafeBufferPointer { numbers in
      var largest: Float = 0
      for number in numbers where number.magnitude > largest && number.isFinite {
        largest = number.magnitude
      }
      return largest
    }
  }
}

extension LayerRecording {
  /// The largest magnitude among the hidden states: of all in the outputs, or of some of each unit.
  fileprivate var largestState: Float {
    if returnsSequences, directions.count == 1 || mergeMode == .concat {
      return outputs.map(\.largestMagnitude).max() ?? 1
    }
    var largest: Float = 0
    for direction in directions {
      for unit in stride(from: 0, to: direction.units, by: max(direction.units / 256, 1)) {
        for sample in 0..<min(direction.batch, 8) {
          let states = direction.overview(
            .hiddenState, unit: unit, sample: sample, columns: min(timesteps, 256))
          for (_, state) in states ?? [] where state.isFinite {
            largest = max(largest, state.magnitude)
          }
        }
      }
    }
    return largest
  }
}

extension Model {
  /// The batch size that the first input fixes.
  var fixedBatch: Int? {
    guard let input = inputs.first else { return nil }
    return (layer(of: input.node)?.layer as? InputLayer)?.batchShape?.first ?? nil
  }

  /// Whether an input leaves an axis behind the batch free.
  var hasFreeAxes: Bool { !freeAxes.isEmpty }
}
