@testable import Neural

extension LayerGradientCase {
  /// Layers for volumes, and adaptive pooling.
  static func volumes() throws -> [LayerGradientCase] {
    try volumeConvolutions() + volumePooling() + adaptivePooling() + volumeBorders()
  }

  /// The sizes of an input of two samples, its channels where the settings have them.
  private static func sizes(_ settings: ConfigValue, _ spatial: [Int], channels: Int) -> [Int] {
    settings["data_format"] == "channels_first"
      ? [2, channels] + spatial : [2] + spatial + [channels]
  }

  private static func volumeConvolutions() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    for settings: ConfigValue in [
      ["filters": 3, "kernel_size": 1], ["filters": 2, "kernel_size": [2, 1, 3]],
      ["filters": 2, "kernel_size": [3, 2, 2], "padding": "same", "activation": "tanh"],
      ["filters": 2, "kernel_size": 2, "strides": [1, 2, 2], "data_format": "channels_first"],
      ["filters": 2, "kernel_size": 2, "padding": "same", "strides": 2, "use_bias": false],
      ["filters": 2, "kernel_size": 2, "dilation_rate": [1, 2, 1], "activation": "softmax"],
    ] {
      let sizes = sizes(settings, [3, 3, 4], channels: 2)
      cases.append(try LayerGradientCase("Conv3D", settings, sizes))
      cases.append(try LayerGradientCase("Conv3DTranspose", settings, sizes))
    }
    for settings: ConfigValue in [
      ["filters": 4, "kernel_size": 2, "groups": 2], ["filters": 4, "kernel_size": 1, "groups": 4],
    ] {
      cases.append(try LayerGradientCase("Conv3D", settings, [2, 2, 3, 2, 4]))
    }
    for settings: ConfigValue in [
      ["filters": 2, "kernel_size": 3, "strides": 2, "output_padding": 1, "padding": "same"],
      ["filters": 2, "kernel_size": 2, "strides": 3, "output_padding": [2, 0, 1]],
    ] {
      cases.append(try LayerGradientCase("Conv3DTranspose", settings, [1, 2, 1, 2, 2]))
    }
    return cases
  }

  private static func volumePooling() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    for name in ["MaxPooling3D", "AveragePooling3D"] {
      for settings: ConfigValue in [
        ["pool_size": 2], ["pool_size": [2, 1, 3], "strides": 1],
        ["pool_size": 3, "padding": "same"],
        ["pool_size": 2, "strides": 3, "padding": "same", "data_format": "channels_first"],
      ] {
        cases.append(
          try LayerGradientCase(name, settings, sizes(settings, [3, 4, 3], channels: 2)))
      }
    }
    for name in ["GlobalMaxPooling3D", "GlobalAveragePooling3D"] {
      for settings: ConfigValue in [[:], ["keepdims": true, "data_format": "channels_first"]] {
        cases.append(
          try LayerGradientCase(name, settings, sizes(settings, [2, 3, 2], channels: 2)))
      }
    }
    return cases
  }

  private static func adaptivePooling() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    for kind in ["Average", "Max"] {
      for rank in 1...3 {
        for settings: ConfigValue in [
          ["output_size": 1], ["output_size": 3], ["output_size": 5],
          ["output_size": 2, "data_format": "channels_first"],
        ] {
          let sizes = sizes(settings, Array([4, 3, 5].prefix(rank)), channels: 2)
          cases.append(try LayerGradientCase("Adaptive\(kind)Pooling\(rank)D", settings, sizes))
        }
      }
    }
    return cases
  }

  private static func volumeBorders() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    for settings: ConfigValue in [[:], ["data_format": "channels_first"]] {
      let sizes = sizes(settings, [3, 4, 3], channels: 2)
      var config = settings.objectValue ?? [:]
      for name in ["ZeroPadding3D", "Cropping3D"] {
        let key = name == "Cropping3D" ? "cropping" : "padding"
        config[key] = [[1, 0], 1, [0, 2]]
        cases.append(try LayerGradientCase(name, .object(config), sizes))
        config[key] = nil
      }
      config["size"] = [1, 3, 2]
      cases.append(try LayerGradientCase("UpSampling3D", .object(config), sizes))
      config["size"] = nil
      config["rate"] = 0.4
      for training in [false, true] {
        cases.append(
          try LayerGradientCase("SpatialDropout3D", .object(config), sizes, training: training))
      }
    }
    return cases
  }
}
