import Neural

/// An HDF5 file in the format of Keras 2, before its numbers are read: a whole model, or weights
/// alone.
///
/// The file, or its group `model_weights`, lists layers by name in an attribute; the group of
/// each layer lists its weights. Source: `keras/src/legacy/saving/legacy_h5_format.py`.
struct LegacyFile {
  /// The arrays that a file has for a layer.
  struct Group {
    /// The layer's name in the file.
    var name: String
    /// The names of the arrays, in the order of the file: `lstm/lstm_cell/kernel:0`.
    var weights: [String]
    /// Where they stand in the file.
    var paths: [String]
  }

  /// The file.
  let file: HDF5File
  /// What it holds.
  let index: HDF5Index
  /// The group with the layers: `model_weights`, or "" where the file has weights alone.
  let root: String

  /// - Returns: `nil` where the file is of another format.
  init?(_ file: HDF5File, _ index: HDF5Index) {
    self.file = file
    self.index = index
    let names = ["layer_names", "layer_names0"]
    guard
      let root = ["model_weights", ""].first(where: { root in
        names.contains { index.attributes[root]?[$0] != nil }
      })
    else { return nil }
    self.root = root
  }

  /// The version of Keras that wrote it; those before 2 did not say.
  var version: String {
    index.text("keras_version", of: root) ?? index.text("keras_version", of: "") ?? "1"
  }

  /// Whether Keras 3 wrote it.
  var isKeras3: Bool { (Int(version.prefix { $0.isNumber }) ?? 1) >= 3 }

  /// What computed in the Keras that wrote it: `tensorflow`, `theano`.
  var backend: String? {
    index.text("backend", of: root) ?? index.text("backend", of: "")
  }

  /// The layers that the file has arrays for.
  var groups: [Group] {
    (index.texts("layer_names", of: root) ?? []).map { group($0) }.filter { !$0.paths.isEmpty }
  }

  /// The arrays that the model itself has, which belong to none of its layers.
  var modelWeights: Group { group("top_level_model_weights") }

  /// Where the variables of the optimizer stand, in the order of the file.
  var optimizerWeights: Group { group("optimizer_weights", in: "") }

  private func group(_ name: String) -> Group { group(name, in: root) }

  private func group(_ name: String, in root: String) -> Group {
    let path = Self.path(root, name)
    let weights = index.texts("weight_names", of: path) ?? []
    return Group(name: name, weights: weights, paths: weights.map { Self.path(path, $0) })
  }

  /// A path without the slashes that HDF5 passes over.
  private static func path(_ root: String, _ name: String) -> String {
    (root.split(separator: "/") + name.split(separator: "/")).joined(separator: "/")
  }
}

extension HDF5Index {
  /// Whether the file is one of weights alone as Keras 3 writes it.
  var isWeightArchive: Bool {
    groups.contains("layers") || groups.contains("_layer_checkpoint_dependencies")
      || groups.contains("vars") || groups.contains("optimizer/vars")
  }
}
