import Neural

extension TrainingPlan {
  /// The script from top to bottom.
  var source: String {
    var writer = ScriptWriter()
    writer.indent = 4
    writer.write(model, as: "model")
    let definitions = writer.layers.definitions + compile.definitions
    let parts =
      [heading(imports: writer.layers.imports)] + definitions
      + [modelFunction(writer.body), compileFunction]
      + (arrays.haveDemo ? [demoFunction] : [])
      + [Self.loadFunction, Self.checkFunction, Self.placeClass, batchesClass, distributeFunction]
      + [Self.writeFunction, repeatableClass, Self.checkpointClass, Self.resumeFunction]
      + [argumentsFunction, mainFunction, Self.ending]
    return parts.joined(separator: "\n\n\n") + "\n"
  }

  // MARK: Above

  /// The script's name in its usage, where a shell takes it as it stands.
  private var scriptName: String {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic && $0.isASCII || ("0"..."9").contains($0)
        || "._-".contains(String($0))
    }
    return isPlain && !name.isEmpty ? name : "train.py"
  }

  private var title: String {
    let name = PythonLiteral.text(model.name)
    let isPlain = PythonNames.identifier(model.name) == model.name && model.name.count < 40
    return "Trains the Keras model \(isPlain ? model.name : name), on one device or on many."
  }

  private func heading(imports: Set<String>) -> String {
    let keras = imports.sorted().joined(separator: ", ")
    let fromKeras = keras.isEmpty ? "" : "\nfrom keras import \(keras)  # noqa: E402"
    let files = (arrays.inputs + arrays.targets).count == 2 ? "x.npy y.npy" : "data.npz"
    let named = data.isEmpty ? "--data \(files)" : ""
    var uses = [named, data.isEmpty ? named + " --epochs 20" : "--epochs 20"]
    if arrays.haveDemo { uses.append("--demo") }
    let notes = ["train, or go on", "train longer", "try it on random data"]
    let width = scriptName.count + 7 + (uses.map(\.count).max() ?? 0) + 5
    let lines = zip(uses, notes).enumerated().map { index, use in
      let command = "    python \(scriptName) " + use.0
      let blank = String(repeating: " ", count: max(width + 4 - command.count, 2))
      return command + blank + use.1
    }
    return """
      \"""\(title)

      \(lines.joined(separator: "\n"))

      Every device holds a copy of the model and computes a part of each batch. After each
      epoch the state of the training is kept in --out, and the same command goes on from
      there. On several machines, start it on each with the same arguments and with
      --coordinator, --num-processes and --process-id; all of them must see --out.

      Needs Keras 3, JAX and NumPy: pip install keras jax
      \"""

      import argparse
      import json
      import os
      import sys
      from pathlib import Path
      from typing import NamedTuple

      os.environ.setdefault("KERAS_BACKEND", "jax")

      import keras  # noqa: E402
      import numpy as np  # noqa: E402\(fromKeras)

      HERE = Path(__file__).resolve().parent

      # What the model reads and what it should give: the shape of a sample, None where any
      # size fits, and the kind of its numbers.
      \(table("INPUTS", arrays.inputs))
      \(table("TARGETS", arrays.targets))
      """
  }

  private func table(_ name: String, _ rows: [TrainingArray]) -> String {
    let pairs = rows.map { (key: PythonLiteral.text($0.name), value: $0.entry) }
    return "\(name) = "
      + PythonExpression.dictionary(pairs)
      .source(indent: 0, before: name.count + 3, after: 0)
  }

  // MARK: The model

  private func modelFunction(_ body: String) -> String {
    guard arrays.isOpen else {
      return """
        def build_model():
            \"""Makes the model.\"""
        \(body)
            return model
        """
    }
    return """
      def build_model(shape):
          \"""Makes the model for samples of a shape.\"""
      \(body)
          model.build((None, *shape))
          return model
      """
  }

  private var compileFunction: String {
    let call = PythonExpression.call("model.compile", compile.arguments)
      .source(indent: 4, before: 4, after: 0)
    let comment = self.comment.map { "    # \($0)\n" }.joined()
    guard let rate = compile.learningRate else {
      return """
        def compile_model(model):
            \"""Says how the model is trained.\"""
        \(comment)    \(call)
        """
    }
    let head = "        learning_rate = "
    let source = rate.source(indent: 8, before: head.count, after: 0)
    return """
      def compile_model(model, learning_rate=None):
          \"""Says how the model is trained.\"""
          if learning_rate is None:
      \(head)\(source)
      \(comment)    \(call)
      """
  }

  private var demoFunction: String {
    let samples = max(256, 4 * (fixedBatch ?? 1))
    let rows = (arrays.inputs + arrays.targets).compactMap(\.demo)
    return """
      def demo_arrays(seed, samples=\(samples)):
          \"""Makes random arrays of the right shapes, to try the script without data.\"""
          rng = np.random.default_rng(seed)
          return [
      \(rows.map { "        \($0),\n" }.joined())    ]
      """
  }

  // MARK: What is fed

  /// Tensors in the order of the model's, as the lists and dictionaries that it takes.
  private func packed(_ variable: String, _ key: String, count: Int, lists: Bool) -> String {
    if let structure = EndStructure(of: key, in: model) {
      return packed(structure.template, variable)
    }
    return count == 1 && !lists ? "\(variable)[0]" : variable
  }

  private func packed(_ value: ConfigValue, _ variable: String) -> String {
    if let index = CallArgumentsTemplate.index(of: value) { return "\(variable)[\(index)]" }
    if let list = value.listValue {
      return "[" + list.map { packed($0, variable) }.joined(separator: ", ") + "]"
    }
    guard let members = value.objectValue else { return "None" }
    let pairs = members.map { "\(PythonLiteral.text($0)): \(packed($1, variable))" }
    return "{" + pairs.joined(separator: ", ") + "}"
  }

  private var batchesClass: String {
    let inputs = packed(
      "inputs", EndStructure.inputs, count: model.inputs.count, lists: model.listsInputs)
    let targets = packed(
      "targets", EndStructure.outputs, count: model.outputs.count, lists: model.listsOutputs)
    let length =
      fixedBatch == nil
      ? """
              full, rest = divmod(len(self.rows), self.batch_size)
              return full + (rest >= self.place.devices)
      """
      : """
              # The model takes whole batches alone.
              return len(self.rows) // self.batch_size
      """
    return """
      class Batches(keras.utils.PyDataset):
          \"""Samples in batches: of each batch the part that this process computes.

          All processes walk through the same order; each reads its own samples alone.
          \"""

          def __init__(self, arrays, rows, batch_size, place):
              super().__init__()
              self.arrays, self.rows, self.order = arrays, rows, rows
              self.batch_size, self.place = batch_size, place

          def __len__(self):
      \(length)

          def __getitem__(self, index):
              rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
              # All devices get equally many samples. What that leaves of the last batch is
              # less than one for each device, and others in another epoch.
              devices, process, processes = self.place
              share = len(rows) // devices * (devices // processes)
              rows = rows[process * share : (process + 1) * share]
              kinds = [kind for _, kind in (*INPUTS.values(), *TARGETS.values())]
              batch = [np.asarray(a[rows], kind) for a, kind in zip(self.arrays, kinds)]
              inputs, targets = batch[: len(INPUTS)], batch[len(INPUTS) :]
              return \(inputs), \(targets)
      """
  }

  private var repeatableClass: String {
    let order =
      statefulLayers.isEmpty
      ? "        self.batches.order = rng.permutation(self.batches.rows)"
      : "        # States go on from batch to batch: samples keep their order.\n"
        + statefulLayers.map { "        \($0).reset_state()" }.joined(separator: "\n")
    return """
      class Repeatable(keras.callbacks.Callback):
          \"""Draws all that is random in an epoch from the seed and the epoch's number alone.

          So a training that goes on from a checkpoint does what it would have done without
          the break: files of weights do not hold the state of random generators.
          \"""

          def __init__(self, batches, seed):
              super().__init__()
              self.batches, self.seed = batches, seed

          def on_epoch_begin(self, epoch, logs=None):
              rng = np.random.default_rng([self.seed, epoch])
      \(order)
              for variable in self.model.non_trainable_variables:
                  if variable.path.endswith("seed_generator_state"):
                      variable.assign(rng.integers(2**31, size=2).astype(variable.dtype))
      """
  }
}
