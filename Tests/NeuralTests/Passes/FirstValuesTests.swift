import Testing

@testable import Neural

/// First values against the formulas of Keras' initializers.
@Suite struct FirstValuesTests {
  private func spec(
    _ shape: [Int], _ name: String, _ config: ConfigValue = [:]
  ) throws -> WeightSpec {
    var initializer = try #require(Initializer(named: name))
    for (key, value) in config.objectValue ?? [:] { initializer.config[key] = value }
    return WeightSpec("kernel", shape, initializer: initializer)
  }

  private func values(
    _ shape: [Int], _ name: String, _ config: ConfigValue = [:], seed: UInt64 = 1
  ) throws -> [Float] {
    try spec(shape, name, config).firstValues(seed: seed).values
  }

  /// Mean, standard deviation and largest magnitude.
  private func statistics(_ values: [Float]) -> (mean: Double, deviation: Double, largest: Double) {
    let numbers = values.map(Double.init)
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
    return (mean, variance.squareRoot(), numbers.map { abs($0) }.max() ?? 0)
  }

  // A kernel of 3 × 5 positions from 20 channels to 30: 300 in, 450 out.
  @Test(arguments: [
    ("glorot_uniform", 1.0 / 375), ("he_uniform", 2.0 / 300), ("lecun_uniform", 1.0 / 300),
  ])
  func uniformInitializersFillTheirLimits(_ name: String, variance: Double) throws {
    let found = statistics(try values([3, 5, 20, 30], name))
    let limit = (3 * variance).squareRoot()
    #expect(found.largest <= limit)
    #expect(found.largest > 0.99 * limit)
    #expect(abs(found.mean) < 0.05 * limit)
    #expect(abs(found.deviation / variance.squareRoot() - 1) < 0.03)
  }

  @Test(arguments: [
    ("glorot_normal", 1.0 / 375), ("he_normal", 2.0 / 300), ("lecun_normal", 1.0 / 300),
  ])
  func normalInitializersAreCutAtTwoDeviationsAndKeepTheirVariance(
    _ name: String, variance: Double
  ) throws {
    let found = statistics(try values([3, 5, 20, 30], name))
    #expect(found.largest <= 2 * variance.squareRoot() / 0.87962566103423978)
    #expect(abs(found.mean) < 0.05 * variance.squareRoot())
    #expect(abs(found.deviation / variance.squareRoot() - 1) < 0.03)
  }

  @Test(arguments: [
    ("fan_in", "uniform", 4.0 / 50), ("fan_out", "truncated_normal", 4.0 / 200),
    ("fan_avg", "untruncated_normal", 4.0 / 125),
  ])
  func varianceScalingFollowsItsModeAndDistribution(
    _ mode: String, distribution: String, variance: Double
  ) throws {
    let found = statistics(
      try values(
        [50, 200], "variance_scaling",
        ["scale": 4, "mode": .string(mode), "distribution": .string(distribution)]))
    #expect(abs(found.deviation / variance.squareRoot() - 1) < 0.03)
    if distribution == "untruncated_normal" {
      #expect(found.largest > 3 * variance.squareRoot())
    }
  }

  @Test func fansOfVectorsMatricesAndKernels() {
    #expect(Fans([]) == Fans([1]))
    #expect(Fans([7]).input == 7 && Fans([7]).output == 7)
    #expect(Fans([3, 5]).input == 3 && Fans([3, 5]).output == 5)
    #expect(Fans([2, 4, 3, 5]).input == 24 && Fans([2, 4, 3, 5]).output == 40)
    let named = Fans([2, 4, 3, 5], inputAxes: [0, 1], outputAxes: [3])
    #expect(named.input == 8 && named.output == 5)
  }

  @Test func plainDistributionsHaveTheirParameters() throws {
    let uniform = try values([100, 100], "uniform", ["minval": -3, "maxval": 1])
    #expect(uniform.min().map { $0 >= -3 && $0 < -2.9 } == true)
    #expect(uniform.max().map { $0 <= 1 && $0 > 0.9 } == true)
    let normal = statistics(try values([100, 100], "normal", ["mean": 2, "stddev": 0.5]))
    #expect(abs(normal.mean - 2) < 0.02 && abs(normal.deviation - 0.5) < 0.02)
    let truncated = statistics(try values([100, 100], "truncated_normal", ["stddev": 0.5]))
    #expect(truncated.largest <= 1 && abs(truncated.deviation - 0.5 * 0.8796) < 0.02)
  }

  @Test(arguments: [[6, 24], [24, 6], [8, 8], [3, 2, 4, 5], [1, 9], [33, 7], [2, 3, 40]])
  func orthogonalMatricesAreOrthonormalAlongTheirShorterSide(_ shape: [Int]) throws {
    let values = try values(shape, "orthogonal", ["gain": 2])
    let columns = shape.last ?? 1
    let rows = values.count / columns
    func number(_ vector: Int, _ place: Int) -> Float {
      rows < columns ? values[vector * columns + place] : values[place * columns + vector]
    }
    for a in 0..<min(rows, columns) {
      for b in 0...a {
        let product = (0..<max(rows, columns)).reduce(Float(0)) {
          $0 + number(a, $1) * number(b, $1)
        }
        #expect(abs(product - (a == b ? 4 : 0)) < 1e-5)
      }
    }
  }

  @Test func identityAndConstants() throws {
    #expect(try values([2, 3], "identity", ["gain": 2]) == [2, 0, 0, 0, 2, 0])
    #expect(try values([2], "constant", ["value": 0.5]) == [0.5, 0.5])
    #expect(try values([2, 3], "constant", ["value": [1, 2, 3]]) == [1, 2, 3, 1, 2, 3])
    #expect(try values([2, 2], "constant", ["value": [[1], [2]]]) == [1, 1, 2, 2])
    let array: ConfigValue = [
      "class_name": "__numpy__", "config": ["value": [1.5, 2.5], "dtype": "float32"],
    ]
    #expect(try values([2], "constant", ["value": array]) == [1.5, 2.5])
    #expect(try values([2], "zeros") == [0, 0])
    #expect(try values([2], "ones") == [1, 1])
  }

  // From Keras 3.15.1: initializers.STFT(side, window, scaling, periodic)((4, 1, 3)).
  @Test(arguments: [
    ("hann", [0, 0, 0, 0.5, 0, -0.5, 0.5, -0.5, 0.5, 0, 0, 0] as [Float]),
    (
      "flattop",
      [
        -0.00106, -0.00106, -0.00106, 0.49894, 0, -0.49894, 0.49894, -0.49894, 0.49894, -0.00106, 0,
        0.00106,
      ]
    ),
    (
      "cosine",
      [
        0.146447, 0.146447, 0.146447, 0.353553, 0, -0.353553, 0.353553, -0.353553, 0.353553,
        0.146447, 0, -0.146447,
      ]
    ),
  ])
  func fourierKernelsAreKeras(_ window: String, expected: [Float]) throws {
    let found = try values(
      [4, 1, 3], "stft", ["window": .string(window), "scaling": "spectrum"])
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-5) }
    let imaginary = try values([4, 1, 3], "stft", ["side": "imag", "periodic": true])
    let other: [Float] = [0, 0, 0, 0, -0.408248, 0, 0, 0, 0, 0, 0.408248, 0]
    for (a, b) in zip(imaginary, other) { #expect(abs(a - b) < 1e-5) }
  }

  @Test func theForgetGateStartsAtOneWhateverTheInitializer() throws {
    var layer = LSTM(units: 2)
    layer.options.biasInitializer = try spec([1], "constant", ["value": 0.25]).initializer
    let input = [Shape(sizes: [nil, 5, 3])]
    let bias = try #require(layer.weights(for: input).last)
    #expect(
      try bias.firstValues(seed: 1).values == [0.25, 0.25, 1, 1, 0.25, 0.25, 0.25, 0.25])
    layer.unitForgetBias = false
    let plain = try #require(layer.weights(for: input).last)
    #expect(try plain.firstValues(seed: 1).values == Array(repeating: 0.25, count: 8))
    let both = try Bidirectional(NamedLayer("lstm", LSTM(units: 1))).weights(for: input)
    #expect(try both[5].firstValues(seed: 1).values == [0, 1, 0, 0])
  }

  @Test func equalSeedsGiveEqualNumbersAndAnOwnSeedWins() throws {
    #expect(try values([4, 4], "normal", seed: 3) == values([4, 4], "normal", seed: 3))
    #expect(try values([4, 4], "normal", seed: 3) != values([4, 4], "normal", seed: 4))
    let own: ConfigValue = ["seed": 7]
    #expect(try values([4, 4], "normal", own, seed: 3) == values([4, 4], "normal", own, seed: 4))
    let generator: ConfigValue = [
      "seed": ["class_name": "SeedGenerator", "config": ["seed": 5, "name": "seed_generator"]]
    ]
    #expect(
      try values([4], "normal", generator, seed: 3) == values([4], "normal", generator, seed: 4))
  }

  @Test(
    arguments: [
      ("orthogonal", [4], [:], "the initializer orthogonal needs at least 2 axes"),
      ("identity", [2, 2, 2], [:], "the initializer identity makes matrices only"),
      ("stft", [4, 2, 3], [:], "the initializer stft makes kernels of shape (window, 1, bands)"),
      ("stft", [4, 1, 3], ["window": "kaiser"], "the window kaiser"),
      ("variance_scaling", [2, 2], ["scale": 0], "scale of the initializer variance_scaling"),
      ("variance_scaling", [2, 2], ["mode": "fan"], "mode of the initializer variance_scaling"),
      ("glorot_uniform", [2, 2], ["input_axes": [9], "output_axes": [0]], "input_axes of"),
      (
        "constant", [2, 2], ["value": [1, 2, 3]], "value of the initializer constant has the shape"
      ),
      (
        "constant", [2, 2], ["value": [[1, 2], [3]]], "value of the initializer constant should be"
      ),
      ("normal", [2], ["stddev": "wide"], "stddev of the initializer random_normal"),
      ("normal", [2], ["seed": "x"], "the seed of random_normal"),
    ] as [(String, [Int], ConfigValue, String)])
  func whatAnInitializerCannotMakeIsSaid(
    _ name: String, shape: [Int], config: ConfigValue, message: String
  ) throws {
    let spec = try spec(shape, name, config)
    let error = #expect(throws: PassError.self) { try spec.firstValues(seed: 1) }
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }

  @Test func anInitializerOfSomebodyElseIsAnError() throws {
    let wrapper: ConfigValue = [
      "module": "my.code", "class_name": "MyInit", "config": [:], "registered_name": "my>MyInit",
    ]
    let initializer = try Initializer(configValue: wrapper, kind: .initializer)
    let error = #expect(throws: PassError.self) {
      try WeightSpec("kernel", [2, 2], initializer: initializer).firstValues(seed: 1)
    }
    #expect(error?.message.contains("MyInit") == true)
  }

  @Test func hugeWeightsAreRefusedBeforeAnythingIsAllocated() throws {
    for shape in [[1 << 40, 1 << 40], [4_194_305, 4_194_305, 211_106_198_978_564], [1 << 53]] {
      let error = #expect(throws: PassError.self) {
        try WeightSpec("kernel", shape).firstValues(seed: 1)
      }
      #expect(error?.message.contains("bytes") == true)
    }
  }
}
