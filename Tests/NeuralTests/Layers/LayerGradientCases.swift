@testable import Neural

/// A layer with settings, and how its way back is tried.
struct LayerGradientCase: CustomStringConvertible {
  /// What is tried, for messages.
  var description: String
  var layer: any Layer
  var sizes: [[Int]]
  var context = PassContext()
  var regularizer: Regularizer?

  /// A layer of the catalog.
  init(
    _ className: String, _ settings: ConfigValue = [:], _ sizes: [Int]...,
    training: Bool = false, masks: [[Float]?] = [], states: [[Int]] = []
  ) throws {
    guard var layer = LayerCatalog.type(named: className)?.init() else {
      throw PassError("no layer is called \(className)")
    }
    for (key, value) in settings.objectValue ?? [:] { try layer.set(key, to: value) }
    self.init("\(className) \(settings)", layer, sizes, training: training, masks: masks)
    context.states = states.map { Tensor($0, repeating: 0.3) }
  }

  /// A layer; a mask has a number for each sample and timestep.
  init(
    _ description: String, _ layer: any Layer, _ sizes: [[Int]], training: Bool = false,
    masks: [[Float]?] = []
  ) {
    self.description =
      "\(description) on \(sizes)" + (training ? " in training" : "")
      + (masks.isEmpty ? "" : " with masks")
    self.layer = layer
    self.sizes = sizes
    context.isTraining = training
    context.masks = zip(masks, sizes).map { mask, sizes in
      mask.map { Tensor(Array(sizes.prefix(2)), $0) }
    }
  }
}

extension LayerGradientCase {
  /// Several settings of every layer of the catalog.
  static func all() throws -> [LayerGradientCase] {
    try core() + convolutions() + pooling() + normalizations() + random() + reshaping() + merging()
      + queriesAndValues() + otherNormalizations()
      + recurrent() + wrappers() + preprocessing() + cells()
      + volumes() + heads()
  }

  private static let mask: [Float] = [1, 1, 0, 1, 0, 1, 1, 1]

  private static func core() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = [
      try LayerGradientCase("Dense", ["units": 3], [4, 5]),
      try LayerGradientCase(
        "Dense", ["units": 3, "use_bias": false, "activation": "tanh"], [2, 3, 4]),
      try LayerGradientCase("Dense", ["units": 4, "activation": "softmax"], [3, 2]),
      try LayerGradientCase("Dense", ["units": 2, "activation": "gelu"], [1, 2, 2, 3]),
      try LayerGradientCase("Embedding", ["input_dim": 5, "output_dim": 3], [2, 4]),
      try LayerGradientCase("Embedding", ["input_dim": 3, "output_dim": 2], [2, 2, 2]),
      try LayerGradientCase("Masking", [:], [2, 3, 4]),
      try LayerGradientCase("Identity", [:], [2, 3]),
      try LayerGradientCase("ReLU", [:], [3, 7]),
      try LayerGradientCase(
        "ReLU", ["negative_slope": 0.2, "max_value": 0.8, "threshold": 0.1], [3, 7]),
      try LayerGradientCase("LeakyReLU", [:], [3, 7]),
      try LayerGradientCase("ELU", ["alpha": 0.7], [3, 7]),
      try LayerGradientCase("PReLU", [:], [2, 3, 4]),
      try LayerGradientCase("PReLU", ["shared_axes": [1]], [2, 3, 4]),
      try LayerGradientCase("PReLU", ["shared_axes": [1, 2]], [2, 3, 2, 2]),
      try LayerGradientCase("Softmax", [:], [2, 3, 4]),
      try LayerGradientCase("Softmax", ["axis": 1], [2, 3, 4]),
      try LayerGradientCase("Softmax", ["axis": [1, 2]], [2, 3, 4]),
      try LayerGradientCase("Softmax", [:], [2, 4], masks: [mask]),
      try LayerGradientCase("Softmax", ["axis": 0], [2, 4], masks: [mask]),
    ]
    for name in Activation.names where name != "glu" && name != "threshold" {
      cases.append(try LayerGradientCase("Activation", ["activation": .string(name)], [2, 9]))
    }
    var lambda = Lambda()
    lambda.outputShape = [3]
    lambda.computation = LambdaFunction(
      Model(input: InputLayer(batchShape: [nil, 3]), layers: [NamedLayer("act", softsign)]))
    cases.append(LayerGradientCase("Lambda", lambda, [[2, 3]]))
    return cases
  }

  private static var softsign: ActivationLayer {
    var layer = ActivationLayer()
    try? layer.set("activation", to: "softsign")
    return layer
  }

  private static func convolutions() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    let one: [ConfigValue] = [
      ["kernel_size": 1], ["kernel_size": 3], ["kernel_size": 2, "strides": 2],
      ["kernel_size": 3, "padding": "same", "use_bias": false],
      ["kernel_size": 2, "padding": "same", "strides": 2, "activation": "tanh"],
      ["kernel_size": 2, "dilation_rate": 2, "data_format": "channels_first"],
      ["kernel_size": 3, "padding": "same", "dilation_rate": 2],
      ["kernel_size": 2, "activation": "softmax", "data_format": "channels_first"],
    ]
    let two: [ConfigValue] = [
      ["kernel_size": 1], ["kernel_size": [2, 3]], ["kernel_size": [3, 2], "padding": "same"],
      ["kernel_size": 2, "strides": 2, "data_format": "channels_first"],
      ["kernel_size": 2, "padding": "same", "strides": 2],
      ["kernel_size": 2, "dilation_rate": [2, 1], "activation": "tanh"],
      ["kernel_size": [2, 4], "use_bias": false],
    ]
    func add(_ className: String, _ settings: ConfigValue, _ more: ConfigValue = [:]) throws {
      var config = settings.objectValue ?? [:]
      for (key, value) in more.objectValue ?? [:] { config[key] = value }
      let isPlane = className.contains("2D")
      let channelsFirst = config["data_format"] == "channels_first"
      let sizes =
        isPlane
        ? (channelsFirst ? [2, 4, 5, 4] : [2, 5, 4, 4])
        : channelsFirst ? [2, 4, 6] : [2, 6, 4]
      cases.append(try LayerGradientCase(className, .object(config), sizes))
    }
    for (rank, all) in [(1, one), (2, two)] {
      for settings in all {
        try add("Conv\(rank)D", settings, ["filters": 3])
        try add("Conv\(rank)DTranspose", settings, ["filters": 3])
        try add("SeparableConv\(rank)D", settings, ["filters": 3, "depth_multiplier": 2])
        try add("DepthwiseConv\(rank)D", settings)
        try add("DepthwiseConv\(rank)D", settings, ["depth_multiplier": 2])
      }
      try add("Conv\(rank)D", ["filters": 4, "kernel_size": 2, "groups": 2])
      try add("Conv\(rank)D", ["filters": 4, "kernel_size": 1, "groups": 4])
      try add(
        "Conv\(rank)DTranspose",
        ["filters": 2, "kernel_size": 3, "strides": 2, "output_padding": 1, "padding": "same"])
      try add(
        "Conv\(rank)DTranspose",
        ["filters": 2, "kernel_size": 2, "strides": 3, "output_padding": 2])
    }
    try add("Conv1D", ["filters": 3, "kernel_size": 3, "padding": "causal", "dilation_rate": 2])
    try add("Conv1D", ["filters": 3, "kernel_size": 3, "padding": "causal", "strides": 2])
    return cases
  }

  private static func pooling() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    for name in ["MaxPooling", "AveragePooling"] {
      for settings: ConfigValue in [
        ["pool_size": 2], ["pool_size": 3, "strides": 1], ["pool_size": 3, "padding": "same"],
        ["pool_size": 2, "strides": 3, "data_format": "channels_first"],
        ["pool_size": 3, "strides": 2, "padding": "same", "data_format": "channels_first"],
      ] {
        cases.append(try LayerGradientCase("\(name)1D", settings, [2, 5, 4]))
        cases.append(try LayerGradientCase("\(name)2D", settings, [2, 4, 5, 3]))
      }
    }
    for name in ["GlobalMaxPooling", "GlobalAveragePooling"] {
      for settings: ConfigValue in [
        [:], ["keepdims": true], ["data_format": "channels_first"],
        ["keepdims": true, "data_format": "channels_first"],
      ] {
        cases.append(try LayerGradientCase("\(name)1D", settings, [2, 5, 4]))
        cases.append(try LayerGradientCase("\(name)2D", settings, [2, 3, 2, 3]))
      }
    }
    cases.append(try LayerGradientCase("GlobalAveragePooling1D", [:], [2, 4, 3], masks: [mask]))
    return cases
  }

  private static func normalizations() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    for training in [false, true] {
      for settings: ConfigValue in [
        [:], ["center": false], ["scale": false], ["scale": false, "center": false],
        ["epsilon": 0.1], ["renorm": true],
      ] {
        cases.append(
          try LayerGradientCase("BatchNormalization", settings, [3, 4, 5], training: training))
      }
      cases.append(
        try LayerGradientCase("BatchNormalization", ["axis": 1], [3, 4, 5], training: training))
      cases.append(
        try LayerGradientCase("BatchNormalization", ["axis": 2], [3, 2, 2, 2], training: training))
      cases.append(try LayerGradientCase("BatchNormalization", [:], [6, 3], training: training))
      cases.append(
        try LayerGradientCase(
          "BatchNormalization", [:], [2, 4, 3], training: training, masks: [mask]))
      cases.append(
        try LayerGradientCase(
          "BatchNormalization", ["axis": 1], [2, 4, 3], training: training, masks: [mask]))
    }
    var frozen = try LayerGradientCase("BatchNormalization", [:], [4, 3], training: true)
    frozen.context.isTrainable = false
    cases.append(frozen)
    for settings: ConfigValue in [
      [:], ["center": false], ["scale": false], ["axis": 1], ["axis": [1, 2]], ["axis": [-1, 1]],
      ["rms_scaling": true], ["rms_scaling": true, "axis": 1],
    ] {
      cases.append(try LayerGradientCase("LayerNormalization", settings, [2, 3, 4]))
    }
    return cases
  }

  private static func random() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    for training in [false, true] {
      for name in ["Dropout", "GaussianDropout", "AlphaDropout"] {
        cases.append(try LayerGradientCase(name, ["rate": 0.4], [3, 5, 3], training: training))
        cases.append(
          try LayerGradientCase(name, ["rate": 0.2, "seed": 3], [2, 9], training: training))
      }
      for name in ["Dropout", "AlphaDropout"] {
        cases.append(
          try LayerGradientCase(
            name, ["rate": 0.5, "noise_shape": [nil, 1, nil]], [2, 3, 4], training: training))
      }
      cases.append(try LayerGradientCase("Dropout", ["rate": 1.0], [2, 3], training: training))
      cases.append(
        try LayerGradientCase("SpatialDropout1D", ["rate": 0.5], [2, 3, 4], training: training))
      for format in ["channels_last", "channels_first"] {
        cases.append(
          try LayerGradientCase(
            "SpatialDropout2D", ["rate": 0.5, "data_format": .string(format)], [2, 3, 2, 4],
            training: training))
      }
      cases.append(
        try LayerGradientCase("GaussianNoise", ["stddev": 0.3], [2, 5], training: training))
    }
    cases.append(try LayerGradientCase("ActivityRegularization", [:], [2, 5]))
    var penalized = try LayerGradientCase(
      "ActivityRegularization", ["l1": 0.3, "l2": 0.2], [2, 5])
    penalized.regularizer = penalized.layer.activityRegularizer
    cases.append(penalized)
    return cases
  }

  private static func reshaping() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = [
      try LayerGradientCase("Flatten", [:], [2, 3, 4]),
      try LayerGradientCase("Flatten", ["data_format": "channels_first"], [2, 3, 2, 2]),
      try LayerGradientCase("Reshape", ["target_shape": [2, -1]], [2, 3, 4]),
      try LayerGradientCase("Permute", ["dims": [2, 1]], [2, 3, 4]),
      try LayerGradientCase("Permute", ["dims": [3, 1, 2]], [2, 3, 2, 4]),
      try LayerGradientCase("RepeatVector", ["n": 3], [2, 4]),
      try LayerGradientCase("ZeroPadding1D", ["padding": [2, 1]], [2, 3, 4]),
      try LayerGradientCase("ZeroPadding1D", ["data_format": "channels_first"], [2, 3, 4]),
      try LayerGradientCase("ZeroPadding2D", ["padding": [[1, 0], [2, 1]]], [1, 3, 2, 4]),
      try LayerGradientCase("Cropping1D", ["cropping": [0, 2]], [2, 4, 3]),
      try LayerGradientCase("Cropping2D", ["cropping": [[1, 0], [1, 1]]], [2, 3, 4, 2]),
      try LayerGradientCase("UpSampling1D", ["size": 3], [2, 3, 2]),
    ]
    for name in ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"] {
      for format in ["channels_last", "channels_first"] {
        cases.append(
          try LayerGradientCase(
            "UpSampling2D",
            [
              "size": [2, 3], "interpolation": .string(name), "data_format": .string(format),
            ], [2, 3, 4, 2]))
      }
    }
    return cases
  }

  private static func merging() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    let other: [Float] = [0, 1, 1, 0, 0, 1, 0, 1]
    for name in ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"] {
      cases.append(try LayerGradientCase(name, [:], [2, 3, 4], [2, 3, 4]))
      cases.append(try LayerGradientCase(name, [:], [2, 1, 4], [2, 3, 1]))
      cases.append(try LayerGradientCase(name, [:], [2, 3, 4], [2, 4]))
      cases.append(try LayerGradientCase(name, [:], [2, 4, 3], [2, 4, 3], masks: [mask, other]))
      cases.append(try LayerGradientCase(name, [:], [2, 4, 3], [2, 4, 1], masks: [nil, other]))
      cases.append(try LayerGradientCase(name, [:], [2, 4, 1], [2, 4, 3], masks: [mask, other]))
      guard name != "Subtract" else { continue }
      cases.append(try LayerGradientCase(name, [:], [2, 3], [2, 3], [2, 1]))
      cases.append(
        try LayerGradientCase(
          name, [:], [2, 4, 2], [2, 4, 2], [2, 4, 2], masks: [mask, other, nil]))
      cases.append(try LayerGradientCase(name, [:], [2, 3]))
    }
    for axis in [-1, 1, 2] {
      cases.append(
        try LayerGradientCase(
          "Concatenate", ["axis": .int(axis)], [2, 3, 4], [2, 3, 4], [2, 3, 4]))
    }
    cases.append(try LayerGradientCase("Concatenate", [:], [2, 3], [2, 1], [2, 4]))
    for normalize in [false, true] {
      for axes: ConfigValue in [1, -1, 2, [1, 2], [2, 1]] {
        cases.append(
          try LayerGradientCase(
            "Dot", ["axes": axes, "normalize": .bool(normalize)], [2, 3, 3], [2, 3, 3]))
      }
      cases.append(
        try LayerGradientCase("Dot", ["axes": 1, "normalize": .bool(normalize)], [3, 4], [3, 4]))
      cases.append(
        try LayerGradientCase(
          "Dot", ["axes": [3, 1], "normalize": .bool(normalize)], [2, 2, 3, 4], [2, 4, 3]))
    }
    return cases
  }
}
