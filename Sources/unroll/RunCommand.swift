import ArgumentParser
import KerasFiles
import Neural
import Screen

/// `unroll run SCRIPT.py`: runs a Keras script, with no Python package.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a Keras script: its summary(), fit(), evaluate(), predict() and print().",
    discussion: """
      Python parses the script; models, arrays and training are computed here, so that neither \
      Keras nor NumPy is needed. Random numbers that the script does not seed come from --seed: \
      runs are repeatable.

        unroll run two_towers.py
        unroll run sentiment.py --set epochs=2
      """)

  @Argument(help: "A Keras script.", completion: .file(extensions: ["py"]))
  var file: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A variable of the script, such as epochs=2. May be repeated.", valueName: "NAME=VALUE"))
  var settings: [String] = []

  @Option(help: "What random numbers are drawn from that the script does not seed.")
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "The most memory that a model may take, such as 8G or 512M (default: half, at most 4G).",
      valueName: "SIZE"))
  var memory: MemorySize?

  func validate() throws { try ModelOptions.check(settings) }

  func run() async throws {
    guard file.lowercased().hasSuffix(".py") else {
      throw Failure("\(file): only .py scripts are run; unroll predict FILE runs a model")
    }
    Interrupts.watch()
    let writer = ScriptWriter()
    var surroundings = PythonScript.Surroundings { text, stream in writer.write(text, stream) }
    surroundings.isTerminal = StandardOutput.isTerminal
    surroundings.columns = StandardOutput.columns
    surroundings.memoryLimit = memory.map { MemoryLimit(bytes: $0.bytes) } ?? .standard
    // A reader that is gone ends the run, too.
    surroundings.isInterrupted = { Interrupts.happened || writer.hasFailed }
    let result: Result<Int32, FileError>
    do throws(FileError) {
      result = .success(
        try await PythonScript.run(
          path: file, settings: ModelOptions.variables(settings), seed: seed, in: surroundings))
    } catch {
      result = .failure(error)
    }
    try writer.finish()
    switch result {
    case .success(let status): if status != 0 { throw ExitCode(status) }
    case .failure(let error):
      writer.endLine()
      if Interrupts.happened, error.message.hasPrefix("KeyboardInterrupt") {
        throw ExitCode(Interrupts.exitCode)
      }
      throw Failure(error.description)
    }
  }
}
