import ArgumentParser

/// The command: one subcommand a file; without one, the explorer opens.
@main
struct Unroll: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unroll",
    abstract: "Explore recurrent neural networks in a terminal.",
    usage: """
      unroll [FILE] [--model NAME] [--set NAME=VALUE] [--batch N] [--timesteps N]
      unroll summary FILE...
      unroll run SCRIPT.py
      unroll fit FILE --input X.npy... --target Y.npy... [--epochs N] [--save OUT]
      unroll predict FILE --input X.npy... [--output Y.npy...]
      unroll trace FILE [--layer NAME] [--input X.npy...] [--output T.npz|T.json]
      unroll convert IN OUT [--training] [--data X.npy...] [--weights FILE]
      """,
    discussion: """
      Without a command the explorer opens: on FILE, a Keras model in a .keras or .h5 file, a \
      .py script or a .json config, or on an empty stack with first steps. Nothing in a file is \
      ever executed.

        unroll model.py                           the explorer on a script
        unroll summary model.json                 Keras' table, without Keras
        unroll run model.py                       the whole script, its training too
        unroll predict model.py --input x.npy     what the model gives for an array
        unroll trace model.py --input impulse 5   every timestep of its recurrent layers
        unroll convert model.keras model.py       the model as a script, .json, .keras or .h5
        unroll help explore                       the explorer's options
      """,
    version: "0.1.0",
    subcommands: [
      Explore.self, Summary.self, RunCommand.self, FitCommand.self, Predict.self, TraceCommand.self,
      ConvertCommand.self,
    ],
    defaultSubcommand: Explore.self)

  /// Runs the command; bad input is one line on standard error and exit code 2, wrong usage 64.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      printError(failure.line)
      exit(withError: ExitCode(2))
    } catch {
      exit(withError: error)
    }
  }
}
