@testable import Neural

extension LayerGradientCase {
  /// Layers that prepare numbers, categories and images.
  static func preprocessing() throws -> [LayerGradientCase] {
    let shift: ConfigValue = ["scale": [0.5, -2, 1.5], "offset": [0.1, 0.2, 0.3]]
    let given: ConfigValue = [
      "axis": [1], "mean": [0.1, -0.4, 0.3], "variance": [0.5, 2, 1.5],
    ]
    var cases = [
      try LayerGradientCase("Rescaling", shift, [2, 2, 3]),
      try LayerGradientCase("Rescaling", ["scale": 0.3], [2, 4]),
      try LayerGradientCase("Normalization", [:], [3, 4]),
      try LayerGradientCase("Normalization", ["axis": [1, 2], "invert": true], [2, 3, 4]),
      try LayerGradientCase("Normalization", given, [2, 3, 4]),
      try LayerGradientCase("Discretization", ["bin_boundaries": [0.1, 0.5]], [3, 4]),
      try LayerGradientCase("CategoryEncoding", ["num_tokens": 3], [3, 4]),
      try LayerGradientCase("IntegerLookup", ["vocabulary": [1, 2]], [3, 4]),
      try LayerGradientCase("Hashing", ["num_bins": 3], [3, 4]),
      try LayerGradientCase("HashedCrossing", ["num_bins": 3], [4], [4]),
      try LayerGradientCase("CenterCrop", ["height": 2, "width": 3], [2, 4, 4, 2]),
      try LayerGradientCase("CenterCrop", ["height": 5, "width": 3], [1, 4, 4, 2]),
      try LayerGradientCase("AutoContrast", [:], [2, 3, 2, 2]),
      try LayerGradientCase(
        "RandomCrop", ["height": 2, "width": 2], [2, 4, 3, 1], training: true),
      try LayerGradientCase("RandomCrop", ["height": 5, "width": 2], [2, 4, 3, 1]),
      try LayerGradientCase("RandomFlip", [:], [4, 2, 3, 2], training: true),
      try LayerGradientCase("RandomFlip", ["mode": "vertical"], [4, 2, 3, 2], training: true),
    ]
    for kind in UpSampling2D.Interpolation.choices {
      for more: ConfigValue in [
        [:], ["antialias": true], ["crop_to_aspect_ratio": true], ["pad_to_aspect_ratio": true],
      ] {
        var settings = more.objectValue ?? [:]
        settings["height"] = 3
        settings["width"] = 5
        settings["interpolation"] = .string(kind)
        cases.append(try LayerGradientCase("Resizing", .object(settings), [1, 4, 3, 2]))
      }
    }
    for type in LayerCatalog.types where type.init() is any RandomImageLayer {
      cases.append(try LayerGradientCase(type.className, [:], [2, 2, 2, 3]))
    }
    return cases + reversed()
  }

  /// The way back of an embedding, with one table and with two.
  private static func reversed() -> [LayerGradientCase] {
    [(true, nil), (true, 0.7), (false, nil), (false, 0.7)].map { isTied, cap in
      var layer = ReversibleEmbedding()
      layer.table.inputDim = 4
      layer.table.outputDim = 3
      layer.tieWeights = isTied
      layer.logitSoftCap = cap
      layer.call = LayerCall(
        ["reverse": true], count: 1, parameters: ReversibleEmbedding.callParameters)
      return LayerGradientCase("ReversibleEmbedding in reverse", layer, [[2, 2, 3]])
    }
  }
}
