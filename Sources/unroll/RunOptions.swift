import ArgumentParser
import KerasFiles
import Neural

/// What the commands that run a model let a person say about it.
struct RunOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      What the model reads: a .npy, .npz or .csv file for each input, in the model's order or as \
      NAME=FILE; or made without a file: sine, ramp, impulse T, random SEED, text WORDS.
      """, valueName: "X.npy"), completion: .file(extensions: ["npy", "npz", "csv"]))
  var input: [String] = []

  @Option(
    help: ArgumentHelp(
      "The most memory that a run may take, such as 8G or 512M (default: half, at most 4G).",
      valueName: "SIZE"))
  var memory: MemorySize?

  @Option(
    help: ArgumentHelp(
      "Weights instead of the file's own: a .keras, .h5, .weights.h5 or .npz file.",
      valueName: "FILE"),
    completion: .file(extensions: ["keras", "h5", "npz"]))
  var weights: String?

  /// The weights that were named for a model, with what their file has of an optimizer; `nil` where
  /// none were.
  ///
  /// - Throws: `Failure` where they cannot be read or do not fit the model.
  func weights(for model: Model) throws(Failure) -> ModelContents? {
    guard let weights else { return nil }
    do throws(FileError) {
      return try WeightFile.open(weights, for: model, limit: limit)
    } catch {
      throw Failure(error.description)
    }
  }

  /// How much memory may be taken.
  var limit: MemoryLimit { memory.map { MemoryLimit(bytes: $0.bytes) } ?? .standard }

  /// A model's file that stands behind the files of `--input`.
  mutating func takeFile() -> String? {
    guard input.count > 1, let last = input.last, ModelFiles.isModel(last) else { return nil }
    return input.removeLast()
  }
}

/// A number of bytes with a unit: `512M`.
struct MemorySize: ExpressibleByArgument {
  var bytes: Int

  init?(argument: String) {
    let text = argument.uppercased()
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), number > 0 else { return nil }
    let factors = ["": 1, "B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
    var unit = String(text.dropFirst(digits.count))
    if unit.count > 1, unit.hasSuffix("B") { unit.removeLast() }
    guard let factor = factors[unit], let bytes = multiplied(number, factor) else { return nil }
    self.bytes = bytes
  }
}
