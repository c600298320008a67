import Testing

@testable import Neural

/// What layers for preprocessing owe beyond the tables.
@Suite struct PreprocessingTests {
  @Test func layersWithoutTrainingHereEndItWithOneLine() throws {
    var context = PassContext()
    context.isTraining = true
    let image = Tensor([2, 3, 3, 3], repeating: 0.5)
    for type in LayerCatalog.types where type.init() is any RandomImageLayer {
      let layer = type.init()
      let pass = try layer.forward([image], weights: LayerWeights(), in: PassContext())
      #expect(pass.outputs[0] == image)
      guard !(layer is RandomFlip), !(layer is AutoContrast) else { continue }
      let error = #expect(throws: PassError.self) {
        try layer.forward([image], weights: LayerWeights(), in: context)
      }
      #expect(error?.message.hasPrefix(type.className) == true)
    }
  }

  @Test func halfOfTheImagesAreMirrored() throws {
    var context = PassContext()
    context.isTraining = true
    context.seed = 7
    let images = Tensor([400, 1, 2, 1], (0..<800).map { Float($0 % 2) })
    let output = try RandomFlip().forward([images], weights: LayerWeights(), in: context)
      .outputs[0]
    let mirrored = (0..<400).filter { output.values[2 * $0] == 1 }.count
    #expect((150...250).contains(mirrored))
    for sample in 0..<400 {
      #expect(output.values[2 * sample] + output.values[2 * sample + 1] == 1)
    }
  }

  @Test func aCropInTrainingIsAPartOfTheImage() throws {
    var context = PassContext()
    context.isTraining = true
    var layer = RandomCrop()
    layer.height = 2
    layer.width = 2
    let images = Tensor([1, 5, 5, 1], (0..<25).map { Float($0) })
    for seed in 0..<20 as Range<UInt64> {
      context.seed = seed
      let values = try layer.forward([images], weights: LayerWeights(), in: context)
        .outputs[0].values
      #expect(values[1] == values[0] + 1 && values[2] == values[0] + 5)
      #expect(values[3] == values[0] + 6)
    }
  }

  @Test func whatAPredictionCutsIsTheMiddle() throws {
    var layer = RandomCrop()
    layer.height = 2
    layer.width = 1
    let images = Tensor([1, 2, 3, 1], [1, 2, 3, 4, 5, 6])
    let pass = try layer.forward([images], weights: LayerWeights(), in: PassContext())
    #expect(pass.outputs[0].values == [2, 5])
    #expect(layer.remarks(for: [images.shape]).count == 1)
  }

  @Test func numbersThatAreNotExactAreRefused() throws {
    var layer = Hashing()
    layer.numBins = 5
    for number in [16_777_216, -1e20, .nan, .infinity] as [Float] {
      #expect(throws: PassError.self) {
        try layer.forward(
          [Tensor([1, 1], [number])], weights: LayerWeights(), in: PassContext())
      }
    }
  }

  @Test func rangesAreKeptAsKerasKeepsThem() throws {
    func kept(_ className: String, _ key: String, _ value: ConfigValue) throws -> ConfigValue? {
      var layer: any Layer = try #require(LayerCatalog.type(named: className)).init()
      try layer.set(key, to: value)
      return layer.value(of: key)
    }
    #expect(try kept("RandomRotation", "factor", 0.2) == [-0.2, 0.2])
    #expect(try kept("RandomContrast", "factor", 0.2) == [0, 0.2])
    #expect(try kept("RandomPosterization", "factor", 3) == [1, 3])
    #expect(try kept("RandomZoom", "height_factor", 0.2) == 0.2)
    #expect(try kept("RandomShear", "x_factor", [-0.2, 0.2]) == 0.2)
    #expect(try kept("Solarization", "addition_factor", 0.2) == [0, 0.2])
    #expect(try kept("RandomGaussianBlur", "kernel_size", 5) == [5, 5])
    #expect(throws: SettingError.self) { try kept("RandomContrast", "factor", 2) }
    #expect(throws: SettingError.self) { try kept("RandomGaussianBlur", "kernel_size", 4) }
    #expect(throws: SettingError.self) { try kept("RandomFlip", "mode", "sideways") }
  }

  @Test func aVocabularyNamesEachNumberOnce() throws {
    func shapes(_ tokens: [Int], _ change: (inout IntegerLookup) -> Void = { _ in }) throws
      -> [Shape]
    {
      var layer = IntegerLookup()
      layer.vocabulary = Vocabulary(tokens)
      layer.outputMode = .oneHot
      change(&layer)
      return try layer.outputShapes(for: [Shape(sizes: [nil, 3])])
    }
    #expect(try shapes([5, 3])[0].sizes == [nil, 3, 3])
    #expect(throws: ShapeError.self) { try shapes([5, 5]) }
    #expect(throws: ShapeError.self) { try shapes([5, 3]) { $0.maskToken = 3 } }
    #expect(throws: ShapeError.self) { try shapes([5, 3]) { $0.maxTokens = 2 } }
    #expect(throws: ShapeError.self) { try shapes([]) }
  }
}
