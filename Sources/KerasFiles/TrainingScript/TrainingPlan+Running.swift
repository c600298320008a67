import Neural

extension TrainingPlan {
  var distributeFunction: String {
    let batch = fixedBatch.map { batch in
      """

          # Every batch has \(batch) samples: as many devices as can share them evenly.
          while \(batch) % len(devices):
              devices.pop()
      """
    }
    return """
      def distribute(args):
          \"""Shares the training among all devices, those of other machines too.\"""
          if keras.backend.backend() != "jax":
              print("one device: sharing among several needs KERAS_BACKEND=jax")
              return Place()
          import jax

          cluster = (args.coordinator, args.num_processes, args.process_id)
          if any(value is not None for value in cluster) or any(
              name.startswith("KERAS_DISTRIBUTION_") for name in os.environ
          ):
              keras.distribution.initialize(*cluster)
          devices = keras.distribution.list_devices()\(batch ?? "")
          place = Place(len(devices), jax.process_index(), jax.process_count())
          if place.devices % place.processes:
              sys.exit(f"{place.devices} devices for {place.processes} processes")
          if place.devices == 1:
              print(f"one device: {devices[0]}")
              return place
          # Each process feeds its own part of a batch: Keras is not to share out once more.
          keras.distribution.set_distribution(
              keras.distribution.DataParallel(devices=devices, auto_shard_dataset=False)
          )
          if place.process == 0:
              print(f"{place.devices} devices: {devices[0]} to {devices[-1]}")
          return place
      """
  }

  // MARK: Arguments

  var argumentsFunction: String {
    // `%` stands for something in argparse's texts.
    let names =
      (arrays.inputs + arrays.targets).contains { $0.name.contains("%") }
      ? ".replace(\"%\", \"%%\")" : ""
    var lines = [
      "    names = \", \".join([*INPUTS, *TARGETS])\(names)",
      argument(
        "--data",
        data.isEmpty
          ? ["nargs=\"+\"", "metavar=\"FILE\""]
          : ["nargs=\"+\"", "metavar=\"FILE\"", "default=[\(dataSources)]"],
        help: "a .npy for each of {names}, or a .npz of them"
          + (data.isEmpty ? "" : " (default: those named in this script)")),
    ]
    if arrays.haveDemo {
      lines.append(
        argument("--demo", ["action=\"store_true\""], help: "try it on random data instead"))
    }
    if let start {
      lines.append(
        argument(
          "--weights",
          ["metavar=\"FILE\"", "default=\(ScriptPath(start.weights, from: path).source)"],
          help: "the weights to start from, or none (default: %(default)s)"))
    } else {
      lines.append(
        argument(
          "--weights", ["metavar=\"FILE\"", "default=\"none\""],
          help: "the weights to start from: a .keras or .weights.h5 file"))
    }
    lines += [
      argument(
        "--out", ["metavar=\"FOLDER\"", "type=Path", "default=HERE / \"training\""],
        help: "where checkpoints, history and trained model go (default: %(default)s)"),
      argument(
        "--epochs", ["type=int", "default=10"],
        help: "how often it goes over the data in all (default: %(default)s)"),
    ]
    if fixedBatch == nil {
      lines.append(
        argument(
          "--batch-size", ["type=int", "default=32"],
          help: "samples of a step, all devices together (default: %(default)s)"))
    }
    if let rate = compile.learningRate {
      var usual = rate.flat
      if case .call(let name, _) = rate {
        usual = name.flat.split(separator: ".").last.map(String.init) ?? usual
      }
      lines.append(
        argument(
          "--learning-rate", ["metavar=\"R\"", "type=float"],
          help: "how far a step goes (default: \(usual))"))
    }
    lines += [
      argument(
        "--validation-split", ["metavar=\"R\"", "type=float", "default=0.0"],
        help: "the part of the samples, from the end, that is measured only"),
      argument(
        "--seed", ["type=int", "default=0"],
        help: "what all random numbers are drawn from (default: %(default)s)"),
      argument(
        "--coordinator", ["metavar=\"HOST:PORT\""], help: "several machines: where process 0 is"),
      argument("--num-processes", ["metavar=\"N\"", "type=int"], help: "how many take part"),
      argument(
        "--process-id", ["metavar=\"I\"", "type=int"], help: "which of them this one is, from 0"),
    ]
    let counts = fixedBatch == nil ? "min(args.epochs, args.batch_size)" : "args.epochs"
    let message =
      fixedBatch == nil ? "--epochs and --batch-size are at least 1" : "--epochs is at least 1"
    let hint = arrays.haveDemo ? ", or try --demo" : ""
    return """
      def parse_arguments():
          parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
      \(lines.joined(separator: "\n"))
          args = parser.parse_args()
          if not args.data\(arrays.haveDemo ? " and not args.demo" : ""):
              parser.error("name the data with --data\(hint)")
          if \(counts) < 1:
              parser.error("\(message)")
          if not 0 <= args.validation_split < 1:
              parser.error("--validation-split is from 0 to below 1")
          if args.seed < 0:
              parser.error("--seed is at least 0")
          return args
      """
  }

  private var dataSources: String {
    data.map { ScriptPath($0, from: path).source }.joined(separator: ", ")
  }

  private func argument(_ name: String, _ settings: [String], help: String) -> String {
    let arguments =
      [PythonExpression.Argument(.raw(PythonLiteral.text(name)))]
      + settings.map { .init(.raw($0)) }
      + [
        .init(
          .raw((help.contains("{names}") ? "f" : "") + PythonLiteral.text(help)), keyword: "help")
      ]
    return "    "
      + PythonExpression.call("parser.add_argument", arguments)
      .source(indent: 4, before: 4, after: 0)
  }

  // MARK: The whole

  var mainFunction: String {
    let build = arrays.isOpen ? "build_model(arrays[0].shape[1:])" : "build_model()"
    let compile = compile.learningRate == nil ? "model" : "model, args.learning_rate"
    let load =
      "if not done and args.weights != \"none\":\n        load_weights(model, args.weights)"
    let before = start?.hasOptimizer == true ? "" : "    \(load)\n"
    let after =
      start?.hasOptimizer == true
      ? "    # The file's optimizer goes on, too.\n    \(load)\n" : ""
    let rate =
      self.compile.learningRate == nil
      ? ""
      : """
          if args.learning_rate is not None:
              # A checkpoint brings the rate it was made with.
              model.optimizer.learning_rate = args.learning_rate

      """
    let batch =
      fixedBatch.map { "    batch_size = \($0)" }
        ?? """
            # Keras trains on batches that all devices share evenly.
            batch_size = -(-args.batch_size // place.devices) * place.devices
        """
    return """
      def main():
          args = parse_arguments()
          keras.utils.set_random_seed(args.seed)
          place = distribute(args)
          arrays = \(arrays.haveDemo ? "demo_arrays(args.seed) if args.demo else " : "")load_arrays(args.data)
          check_arrays(arrays)
          out = args.out\(arrays.haveDemo ? " / \"demo\" if args.demo else args.out" : "")
          out.mkdir(parents=True, exist_ok=True)

      \(batch)
          samples = len(arrays[0])
          measured = int(samples * args.validation_split)
          rows = np.arange(samples)
          batches = Batches(arrays, rows[: samples - measured], batch_size, place)
          validation = Batches(arrays, rows[samples - measured :], batch_size, place)
          if len(batches) == 0:
              sys.exit(f"{samples - measured} samples are too few to train on")

          done, history = last_epoch(out, place)
          model = \(build)
      \(before)    compile_model(\(compile))
          model.optimizer.build(model.trainable_variables)
      \(after)    if done:
              resume(model, out, done)
      \(rate)    callbacks = [Repeatable(batches, args.seed)]
          if place.process == 0:
              callbacks.append(Checkpoint(out, history))
              if done:
                  print(f"goes on after epoch {done}: {out}")
          model.fit(
              batches,
              validation_data=validation if len(validation) else None,
              initial_epoch=done,
              epochs=max(args.epochs, done),
              callbacks=callbacks,
              shuffle=False,
              verbose="auto" if place.process == 0 else 0,
          )
          if place.process == 0:
              write_whole(out / "model.keras", model.save)
              print(f"trained for {max(args.epochs, done)} epochs: {out / 'model.keras'}")
      """
  }

  static let ending = """
    if __name__ == "__main__":
        try:
            main()
        except KeyboardInterrupt:
            sys.exit("stopped: the same command goes on after the last whole epoch")
    """
}
