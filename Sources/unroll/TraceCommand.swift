import ArgumentParser
import KerasFiles
import Neural
import OrderedCollections
import Screen

/// `unroll trace FILE`: every timestep of the recurrent layers.
struct TraceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Show every timestep of the recurrent layers: gates, cell and hidden states.",
    discussion: """
      Without --input the model reads a sine. Without --output one unit is shown as a table, its \
      timesteps in time order: the backward direction reads its last line first.

      A .npz or .json holds all samples, timesteps and units, in arrays of the shape (samples, \
      timesteps, units), timesteps in time order for both directions:

        LAYER/input, LAYER/output         what the layer read and gave
        LAYER/mask                        0 where a timestep was skipped, if any was masked
        LAYER/i f g o c h                 LSTM: input and forget gate, candidate, output gate,
                                          cell state, hidden state
        LAYER/z r g h                     GRU: update and reset gate, candidate, hidden state
        LAYER/initial_h, LAYER/initial_c  the states before the first step
        LAYER/forward_lstm/i …            the same for a direction of a bidirectional layer

        unroll trace model.py --input impulse 5
        unroll trace model.py --layer bidirectional --unit 12
        unroll trace model.py --input x.npy --output trace.npz
      """)

  @Argument(
    help: "A Keras model: a .keras or .h5 file, a .py script or a .json config.",
    completion: .file(extensions: ModelFile.suffixes))
  var file: String?

  @Option(help: "The only recurrent layer that is traced.")
  var layer: String?

  @OptionGroup var run: RunOptions

  @Option(
    help: ArgumentHelp("A .npz or .json for the whole trace.", valueName: "T.npz"),
    completion: .file(extensions: ["npz", "json"]))
  var output: String?

  @Option(help: "The unit that the table shows.")
  var unit: Int?

  @Option(help: "The sample that the table shows.")
  var sample: Int?

  @OptionGroup var options: ModelOptions

  /// Bytes of timesteps that each layer keeps for a table; others are computed again.
  private static let tableBytes = 64 << 20

  mutating func validate() throws {
    file = file ?? run.takeFile()
    guard file != nil else { throw ValidationError("name a model: unroll trace FILE") }
    for (name, value) in [("--unit", unit), ("--sample", sample)] {
      guard let value else { continue }
      if value < 0 { throw ValidationError("\(name): counted from 0, found \(value)") }
      if output != nil { throw ValidationError("\(name) is for the table: a file holds them all") }
    }
  }

  func run() async throws {
    guard let file else { return }
    if let output { try checkSuffix(output) }
    var model = try await ModelRun(file, options, run, usual: .sine)
    let wanted = try wantedLayer(of: model.model, file)
    if let output {
      try save(try wholeTrace(&model, only: wanted), model, to: output)
    } else {
      try show(&model, only: wanted)
    }
  }

  private func checkSuffix(_ path: String) throws(Failure) {
    let name = path.lowercased()
    guard name.hasSuffix(".npz") || name.hasSuffix(".json") else {
      throw Failure("\(path): a trace is saved as .npz or .json; end the name in one of them")
    }
  }

  /// The name of the layer that was asked for; `nil` for all.
  private func wantedLayer(of model: Model, _ file: String) throws(Failure) -> String? {
    let calls = model.recurrentCalls
    let names = calls.map(\.name)
    guard !names.isEmpty else {
      throw Failure("\(file): the model has no recurrent layer, so there are no timesteps to trace")
    }
    guard let layer else { return nil }
    if names.contains(layer) { return layer }
    let inner = names.filter { $0.hasSuffix("/" + layer) }
    if inner.count == 1 { return inner[0] }
    let list = "its recurrent layers are \(names.joined(separator: ", "))"
    if model.layers.values.contains(where: { $0.name == layer }) {
      throw Failure("\(file): \(layer) is no recurrent layer; \(list)")
    }
    let near = nearest(to: layer, in: names).map { "; did you mean \($0)?" } ?? ""
    throw Failure("\(file): no recurrent layer is called \(layer)\(near); \(list)")
  }

  private func wholeTrace(
    _ model: inout ModelRun, only wanted: String?
  ) throws(Failure) -> Trace {
    var trace = Trace()
    let copies = Count(output?.lowercased().hasSuffix(".json") == true ? 5 : 3)
    if let analysis = model.analysis, let batch = model.batches.first {
      // What can be known ahead is refused ahead: arrays, and the file in memory.
      let bytes = Trace.bytes(of: model.model, analysis, only: wanted)
      let each = Count(model.samples.dividedUp(by: batch.count))
      try model.check(bytes * each * copies, "the trace")
    }
    let passOptions = recordingOptions(model.limit.bytes)
    var progress = Progress()
    for batch in model.batches {
      progress.show(batch.lowerBound, of: model.samples)
      trace.add(try model.pass(on: batch, passOptions), of: model.model, only: wanted)
      guard batch.lowerBound == 0 else { continue }
      try requireTimesteps(trace, model)
      // What one batch takes tells what all take.
      let each = Count(model.samples.dividedUp(by: batch.count))
      try model.check(trace.bytes * each * copies, "the trace")
    }
    progress.end()
    return trace
  }

  private func recordingOptions(_ bytes: Int) -> PassOptions {
    var passOptions = PassOptions()
    passOptions.keepsEverything = false
    passOptions.seed = options.seed
    passOptions.recordingBytes = bytes
    return passOptions
  }

  private func requireTimesteps(_ trace: Trace, _ model: ModelRun) throws(Failure) {
    guard trace.layers.isEmpty else { return }
    throw Failure("\(model.path): no timesteps of its recurrent layers can be recorded")
  }

  private func save(_ trace: Trace, _ model: ModelRun, to path: String) throws(Failure) {
    do throws(FileError) {
      guard path.lowercased().hasSuffix(".json") else {
        try ArrayFile.save(
          trace.arrays.map { array in (array.name, array.sizes, { array.tensor() }) }, to: path)
        return
      }
      let notes: OrderedDictionary<String, ConfigValue> = [
        "model": .string(model.model.name), "input": .string(model.inputLabel),
        "seed": Int(exactly: options.seed).map { .int($0) } ?? .string(String(options.seed)),
      ]
      guard let text = trace.json(notes: notes) else {
        throw FileError(path, "could not be saved: not all timesteps were kept")
      }
      _ = try AtomicFile().write(text, to: path, expecting: .anything)
    } catch {
      throw Failure(error.description)
    }
  }

  private func show(_ model: inout ModelRun, only wanted: String?) throws(Failure) {
    let sample = self.sample ?? 0
    guard sample < model.samples else {
      throw Failure(
        "\(model.inputLabel): there is no sample \(sample), "
          + (model.samples == 1 ? "only 0" : "they are 0 to \(model.samples - 1)"))
    }
    let batch = model.batches[sample / model.batch]
    try model.advance(to: batch)
    var trace = Trace()
    trace.add(
      try model.pass(on: batch, recordingOptions(min(Self.tableBytes, model.limit.bytes))),
      of: model.model, only: wanted)
    try requireTimesteps(trace, model)
    let tables = trace.layers.compactMap { layer in
      layer.recordings.first.map {
        TraceTable(
          layer: layer, recording: $0, unit: unit ?? 0, sample: sample - batch.lowerBound,
          sampleLabel: sample)
      }
    }
    for table in tables { try checkUnit(table, model) }
    var result = StandardOutput()
    try result.write(Sanitizer.sanitized("input \(model.inputLabel)") + "\n")
    for table in tables {
      try result.write("\n")
      try table.write(to: &result)
    }
    try result.flush()
  }

  private func checkUnit(_ table: TraceTable, _ model: ModelRun) throws(Failure) {
    for direction in table.recording.directions where table.unit >= direction.units {
      throw Failure(
        "\(model.path): \(table.layer.call.name) has no unit \(table.unit): they are 0 to "
          + "\(direction.units - 1); --layer picks another layer")
    }
  }
}

extension Int {
  /// The quotient, rounded up.
  fileprivate func dividedUp(by divisor: Int) -> Int {
    self / divisor + (self % divisor == 0 ? 0 : 1)
  }
}
