import ArgumentParser
import Explorer
import KerasFiles
import Neural
import Screen
import Terminal

/// `unroll [FILE]`: opens the explorer.
struct Explore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore", abstract: "Open the explorer (without a command, too).",
    shouldDisplay: false)

  @Argument(
    help: "A Keras model: a .keras or .h5 file, a .py script or a .json config.",
    completion: .file(extensions: ModelFile.suffixes))
  var file: String?

  @OptionGroup var options: ModelOptions

  func run() async throws {
    // The file is read before the terminal is taken over: an error is one line, as ever.
    var opened: ModelFiles.Opened?
    if let file { opened = try await ModelFiles.open(file, options) }
    try await explore(opened)
  }

  @MainActor
  private func explore(_ opened: ModelFiles.Opened?) throws(Failure) {
    let terminal: TerminalSession
    do throws(TerminalError) {
      terminal = try TerminalSession()
    } catch {
      let name = file ?? "FILE"
      throw Failure(
        "the explorer needs a terminal, but \(error); for a table try: unroll summary \(name)")
    }
    var session = ExplorerSession(terminal, opened, options: options)
    session.run()
    terminal.close()
  }
}
