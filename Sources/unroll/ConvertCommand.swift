import ArgumentParser
import KerasFiles
import Neural
import Screen

/// `unroll convert IN OUT`: a model as another kind of file, or as a script that trains it.
struct ConvertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write a model as another kind of file, or as a script that trains it.",
    discussion: """
      The suffixes say from what to what: .keras and .h5 hold a model with its weights, .py and \
      .json the model alone; .weights.h5 and .npz are written with the weights alone. What does \
      not go along is said in a line. A script that stood at OUT is kept as OUT~, and so are \
      weights that first values would take the place of.

        unroll convert model.keras model.py
        unroll convert old.h5 model.keras
        unroll convert model.py model.keras --weights model.weights.h5
        unroll convert model.keras model.weights.h5

      --training writes a Keras script that trains the model on every device there is, of several \
      machines too (keras.distribution on JAX), and goes on after a break.

        unroll convert model.keras train.py --training --data x.npy y.npy
        python train.py --epochs 20
      """)

  @Argument(
    help: "A Keras model: a .keras or .h5 file, a .py script or a .json config.",
    completion: .file(extensions: ModelFile.suffixes))
  var file: String?

  @Argument(
    help: ArgumentHelp(
      "What is written: .keras, .h5, .py or .json, or .weights.h5 or .npz.", valueName: "out"),
    completion: .file(extensions: ModelFile.suffixes + ["npz"]))
  var output: String?

  @Flag(help: "Write a script that trains the model: OUT is a .py.")
  var training = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      What --training trains on: a .npy for each input and then each output, in the model's \
      order, or a .npz of them. Without it, whoever runs the script says so.
      """, valueName: "X.npy"), completion: .file(extensions: TrainingFiles.suffixes))
  var data: [String] = []

  @Option(
    help: ArgumentHelp(
      "Weights that go along instead of the file's own: a .keras, .h5, .weights.h5 or .npz file.",
      valueName: "FILE"), completion: .file(extensions: ["keras", "h5", "npz"]))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "The most memory that the weights may take, such as 8G or 512M (default: half, at most 4G).",
      valueName: "SIZE"))
  var memory: MemorySize?

  @Flag(
    name: [.long, .customLong("overwrite")],
    help: "Overwrite OUT whatever it holds, and keep nothing of it.")
  var force = false

  @OptionGroup var options: ModelOptions

  mutating func validate() throws {
    takeFiles()
    guard file != nil else { throw ValidationError("name a model: unroll convert IN OUT") }
    guard let output else {
      throw ValidationError("name what is to be written: unroll convert IN OUT")
    }
    if !training, !data.isEmpty {
      throw ValidationError("--data is what --training trains on: add --training, or leave it out")
    }
    if training, !output.lowercased().hasSuffix(".py") {
      throw ValidationError(
        "--training writes a script: expected OUT to end in .py, found \(output)")
    }
  }

  /// `--data` takes all that follows: IN and OUT may stand behind the arrays.
  private mutating func takeFiles() {
    var names = [file, output].compactMap { $0 }
    let place = names.count
    while names.count < 2, let last = data.last, ModelFiles.isModel(last) {
      names.insert(data.removeLast(), at: place)
    }
    (file, output) = (names.first, names.count > 1 ? names[1] : nil)
  }

  func run() async throws {
    guard let file, let output else { return }
    var conversion = try await Conversion(
      from: file, to: output, options, weights: weights, limit: limit, force: force)
    if training {
      try conversion.writeTraining(data)
    } else {
      try await conversion.write()
    }
    for remark in conversion.remarks { printError("unroll: " + Sanitizer.sanitized(remark)) }
  }

  private var limit: MemoryLimit { memory.map { MemoryLimit(bytes: $0.bytes) } ?? .standard }
}
