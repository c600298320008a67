import Neural

/// What Keras 3 does when it builds a layer: which layers have a step of their own for it.
enum KerasBuilding {
  /// Whether the layer counts as unbuilt until it is called, and keeps the shape it was built for
  /// in its file.
  static func hasOwnBuild(_ layer: any Layer) -> Bool {
    !layer.isOperation && !builtAtOnce.contains(layer.className)
  }

  /// Layers that are built when they are made: the names of those without weights whose
  /// constructor says so (Keras 3.15).
  private static let builtAtOnce: Set = [
    "Activation", "ActivityRegularization", "AlphaDropout", "AveragePooling1D",
    "AveragePooling2D", "AveragePooling3D", "Dropout", "ELU", "GaussianDropout", "GaussianNoise",
    "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D",
    "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D", "Identity", "InputLayer",
    "LeakyReLU", "Masking", "MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "ReLU", "Reshape",
    "Softmax", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "UnitNormalization",
  ]
}
