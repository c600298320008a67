@testable import Neural

extension LayerGradientCase {
  /// Normalisation over groups, by length, and of a kernel.
  static func otherNormalizations() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    for config: ConfigValue in [
      ["groups": 1], ["groups": 2], ["groups": -1], ["groups": 2, "axis": 1],
      ["groups": 2, "center": false], ["groups": 2, "scale": false],
    ] {
      cases.append(try LayerGradientCase("GroupNormalization", config, [2, 4, 4]))
      cases.append(try LayerGradientCase("GroupNormalization", config, [2, 2, 3, 2]))
    }
    for axis: ConfigValue in [-1, [-1], [1, 2], [0, 1, 2], 2] {
      cases.append(try LayerGradientCase("RMSNormalization", ["axis": axis], [2, 3, 4]))
      cases.append(try LayerGradientCase("UnitNormalization", ["axis": axis], [2, 3, 4]))
    }
    cases.append(try LayerGradientCase("UnitNormalization", ["axis": 1], [2, 3, 4]))
    cases.append(try LayerGradientCase("RMSNormalization", ["axis": 1], [2, 3, 3]))
    for (className, settings, sizes) in [
      ("Dense", ["units": 3, "activation": "tanh"], [4, 5]),
      ("Conv1D", ["filters": 3, "kernel_size": 2], [2, 4, 3]),
      ("Embedding", ["input_dim": 5, "output_dim": 3], [2, 4]),
    ] as [(String, ConfigValue, [Int])] {
      for training in [false, true] {
        guard var inner = LayerCatalog.type(named: className)?.init() else { continue }
        for (key, value) in settings.objectValue ?? [:] { try inner.set(key, to: value) }
        var layer = SpectralNormalization(NamedLayer("inner", inner))
        // The vectors are taken for fixed: only where they have settled do differences agree.
        layer.powerIterations = 400
        cases.append(
          LayerGradientCase(
            "SpectralNormalization of \(className)", layer, [sizes], training: training))
      }
    }
    return cases
  }
}
