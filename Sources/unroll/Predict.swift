import ArgumentParser
import KerasFiles
import Neural
import Screen

/// `unroll predict FILE`: what the model gives for arrays.
struct Predict: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a model on arrays: .npy, .npz or .csv in, .npy or text out.",
    discussion: """
      The model runs on 32 samples at a time, as in Keras, or on as many as its inputs or \
      --batch say. A model whose file holds no weights gets first ones from its layers' \
      initializers and --seed.

      A .csv holds a timestep a line, features apart by commas, and makes one sample; for a model \
      without a time axis, and for word numbers, each line is a sample.

        unroll predict model.py --input x.npy --output y.npy
        unroll predict model.py --input source=a.npy target=b.npy
        unroll predict model.py --input series.csv
        unroll predict model.py --input random 7 --timesteps 12
      """)

  @Argument(
    help: "A Keras model: a .keras or .h5 file, a .py script or a .json config.",
    completion: .file(extensions: ModelFile.suffixes))
  var file: String?

  @OptionGroup var run: RunOptions

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      Where the outputs go: a .npy for each, or one .npz for all. Without it they are printed: \
      whole where a program reads them, on a terminal the ends of long arrays.
      """, valueName: "Y.npy"), completion: .file(extensions: ["npy", "npz"]))
  var output: [String] = []

  @OptionGroup var options: ModelOptions

  mutating func validate() throws {
    file = file ?? run.takeFile()
    guard file != nil else { throw ValidationError("name a model: unroll predict FILE --input …") }
  }

  func run() async throws {
    guard let file else { return }
    for path in output { try checkSuffix(path) }
    var model = try await ModelRun(file, options, run, usual: nil)
    let names = outputNames(of: model.model)
    try checkOutputs(names, of: model)
    try checkMemory(model)
    var parts: [[Tensor]] = names.map { _ in [] }
    var passOptions = PassOptions()
    passOptions.keepsEverything = false
    passOptions.seed = options.seed
    var progress = Progress()
    for batch in model.batches {
      progress.show(batch.lowerBound, of: model.samples)
      let pass = try model.pass(on: batch, passOptions)
      for (index, tensor) in pass.outputs.enumerated() where index < parts.count {
        parts[index].append(tensor)
      }
    }
    progress.end()
    var outputs: [(name: String, tensor: Tensor)] = []
    for (name, part) in zip(names, parts) {
      outputs.append((name, try joined(part, name, file)))
    }
    try write(outputs)
  }

  private func checkSuffix(_ path: String) throws(Failure) {
    let name = path.lowercased()
    guard name.hasSuffix(".npy") || name.hasSuffix(".npz") else {
      throw Failure("\(path): outputs are saved as .npy or .npz; end the name in one of them")
    }
  }

  /// The names of the layers that give the outputs; a second output of a layer gets a number.
  private func outputNames(of model: Model) -> [String] {
    var names: [String] = []
    for output in model.outputs {
      let base = model.layer(of: output.node)?.name ?? "output"
      var name = base
      var number = 1
      while names.contains(name) {
        name = "\(base)_\(number)"
        number += 1
      }
      names.append(name)
    }
    return names
  }

  private func checkOutputs(_ names: [String], of model: ModelRun) throws(Failure) {
    guard !names.isEmpty else { throw Failure("\(model.path): the model has no output") }
    guard !output.isEmpty, !isOneArchive, output.count != names.count else { return }
    throw Failure(
      "\(model.path): the model has \(names.count) output\(names.count == 1 ? "" : "s") "
        + "(\(names.joined(separator: ", "))), --output names \(output.count) files; "
        + "name a .npy for each, or one .npz for all")
  }

  private var isOneArchive: Bool {
    output.count == 1 && output[0].lowercased().hasSuffix(".npz")
  }

  /// Outputs of all samples are held twice while batches are joined.
  private func checkMemory(_ model: ModelRun) throws(Failure) {
    guard let sizes = model.outputSizes else { return }
    let numbers = sizes.reduce(Count(0)) { $0 + Count.product($1.dropFirst()) }
    try model.check(numbers * Count(model.samples) * 8, "the outputs")
  }

  private func joined(
    _ parts: [Tensor], _ name: String, _ file: String
  ) throws(Failure) -> Tensor {
    guard let first = parts.first else { throw Failure("\(file): there are no samples") }
    if parts.count == 1 { return first }
    guard parts.allSatisfy({ $0.rank > 0 && $0.sizes.dropFirst() == first.sizes.dropFirst() })
    else {
      throw Failure(
        "\(file): the output \(name) has no batch axis, so batches cannot be joined; "
          + "--batch sets how many samples are one batch")
    }
    return Tensor.concatenated(parts, axis: 0)
  }

  private func write(_ outputs: [(name: String, tensor: Tensor)]) throws(Failure) {
    if output.isEmpty { return try show(outputs) }
    do throws(FileError) {
      if isOneArchive {
        try ArrayFile.save(outputs, to: output[0])
      } else {
        for (path, one) in zip(output, outputs) {
          if path.lowercased().hasSuffix(".npz") {
            try ArrayFile.save([one], to: path)
          } else {
            try ArrayFile.save(one.tensor, to: path)
          }
        }
      }
    } catch {
      throw Failure(error.description)
    }
  }

  private func show(_ outputs: [(name: String, tensor: Tensor)]) throws(Failure) {
    var result = StandardOutput()
    for (index, one) in outputs.enumerated() {
      if outputs.count > 1 {
        let gap = index > 0 ? "\n" : ""
        try result.write("\(gap)\(Sanitizer.sanitized(one.name)) \(one.tensor.shape)\n")
      }
      let columns = StandardOutput.isTerminal ? StandardOutput.columns : nil
      try ArrayText(one.tensor, columns: columns).write(to: &result)
    }
    try result.flush()
  }
}
