import Neural

/// The names under which `keras` offers things.
enum KerasNames {
  /// Layers of Keras 3.15's `keras.layers` that are not computed here: an import of them is no
  /// spelling mistake, and a file's layer of that name is not somebody's own.
  static let otherLayers: Set<String> = [
    "AugMix", "ContrastLimitedAdaptiveHistogramEqualization", "ConvLSTM3D", "CutMix", "FlaxLayer",
    "JaxLayer", "MaxNumBoundingBoxes", "MelSpectrogram", "MixUp", "Pipeline", "RandAugment",
    "STFTSpectrogram", "StringLookup", "TFSMLayer", "TextVectorization", "TorchModuleWrapper",
    "Wrapper",
  ]

  /// Layers that older versions had and Keras 3 has not.
  static let formerLayers: Set<String> = [
    "Highway", "LocallyConnected1D", "LocallyConnected2D", "MaxoutDense", "RandomHeight",
    "RandomWidth", "ThresholdedReLU", "TimeDistributedDense",
  ]

  /// Layers of Keras 2 that Keras 3 knows under another name.
  static let renamed = [
    "CuDNNLSTM": "LSTM", "CuDNNGRU": "GRU", "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization", "SyncBatchNormalization": "BatchNormalization",
    "LSTMV1": "LSTM", "GRUV1": "GRU", "Deconvolution2D": "Conv2DTranspose",
  ]

  /// Functions that make a merge layer and call it.
  static let mergeFunctions = [
    "add": "Add", "subtract": "Subtract", "multiply": "Multiply", "average": "Average",
    "maximum": "Maximum", "minimum": "Minimum", "concatenate": "Concatenate", "dot": "Dot",
  ]

  /// What may stand without an import in a pasted fragment, and the module it comes from.
  static let implied: [String: String] = [
    "keras": "keras", "tf": "tensorflow", "tensorflow": "tensorflow", "layers": "keras.layers",
    "models": "keras.models", "K": "keras.backend", "backend": "keras.backend",
    "ops": "keras.ops", "np": "numpy", "numpy": "numpy", "math": "math", "random": "random",
    "os": "os", "sys": "sys", "optimizers": "keras.optimizers",
    "regularizers": "keras.regularizers", "initializers": "keras.initializers",
    "constraints": "keras.constraints", "datasets": "keras.datasets",
  ]

  /// What may stand without an import, as a member of a module.
  static let impliedMembers: [String: String] = [
    "Sequential": "keras.models", "Model": "keras.models", "Input": "keras.layers",
    "pad_sequences": "keras.utils", "to_categorical": "keras.utils", "mnist": "keras.datasets",
    "imdb": "keras.datasets", "reuters": "keras.datasets", "cifar10": "keras.datasets",
    "Adam": "keras.optimizers", "SGD": "keras.optimizers", "RMSprop": "keras.optimizers",
    "l2": "keras.regularizers", "l1": "keras.regularizers", "merge": "keras.layers",
    "concatenate": "keras.layers", "add": "keras.layers", "multiply": "keras.layers",
    "subtract": "keras.layers", "average": "keras.layers", "dot": "keras.layers",
    "clone_model": "keras.models", "load_model": "keras.models",
    "model_from_json": "keras.models",
  ]

  /// All names of layers that Keras has.
  static let layers: Set<String> = {
    var names = otherLayers.union(formerLayers).union(renamed.keys)
    for type in LayerCatalog.types where !type.isOperation {
      names.insert(type.className)
      names.formUnion(type.aliases)
    }
    return names
  }()

  /// Whether a call of this name makes a layer or model.
  static func buildsLayers(_ name: String) -> Bool {
    layers.contains(name) || ["Sequential", "Model", "Input", "Functional"].contains(name)
  }
}
