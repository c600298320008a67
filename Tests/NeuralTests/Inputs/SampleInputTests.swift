import Testing

@testable import Neural

@Suite struct SampleInputTests {
  private func sequence(_ shape: [Int?]) -> Model {
    Model(input: InputLayer(batchShape: shape), layers: [NamedLayer("lstm", LSTM())])
  }

  private func words(_ rows: Int, _ shape: [Int?] = [nil, nil], maskZero: Bool = false) -> Model {
    var embedding = Embedding()
    (embedding.inputDim, embedding.maskZero) = (rows, maskZero)
    return Model(
      input: InputLayer(batchShape: shape, dtype: "int32"),
      layers: [NamedLayer("dropout", Dropout()), NamedLayer("embedding", embedding)])
  }

  private func one(
    _ input: SampleInput, _ model: Model, samples: Int = 1, length: Int? = nil
  ) throws -> Tensor {
    try #require(try input.tensors(for: model, samples: samples, length: length).first)
  }

  private func message(_ input: SampleInput, _ model: Model, length: Int? = nil) throws -> String {
    try #require(throws: PassError.self) {
      try input.tensors(for: model, samples: 1, length: length)
    }.description
  }

  @Test func aSineDiffersBetweenFeaturesAndSamples() throws {
    let wave = try one(.sine, sequence([nil, 12, 3]), samples: 2)
    #expect(wave.sizes == [2, 12, 3])
    #expect(wave.values.allSatisfy { abs($0) <= 1 })
    #expect(wave[0, 0, 0] == 0 && abs(wave[0, 2, 0] - 1) < 1e-6 && abs(wave[0, 4, 0]) < 1e-6)
    func feature(_ feature: Int, _ sample: Int) -> [Float] {
      (0..<12).map { wave[sample, $0, feature] }
    }
    let waves = [feature(0, 0), feature(1, 0), feature(2, 0), feature(0, 1)]
    #expect(Set(waves).count == 4)
  }

  @Test func aRampGoesFromZeroToOneAlongTime() throws {
    let ramp = try one(.ramp, sequence([nil, nil, 2]), length: 5)
    #expect(ramp.values == [0, 0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1, 1])
    #expect(try one(.ramp, sequence([nil, 1, 2])).values == [0, 0])
  }

  @Test func anImpulseIsOneAtItsTimestepAlone() throws {
    let impulse = try one(.impulse(at: 2), sequence([nil, 4, 2]))
    #expect(impulse.values == [0, 0, 0, 0, 1, 1, 0, 0])
    #expect(try message(.impulse(at: 4), sequence([nil, 4, 2])).contains("0 to 3 fit"))
    #expect(throws: PassError.self) { try one(.impulse(at: -1), sequence([nil, 4, 2])) }
  }

  @Test func randomNumbersFollowFromTheSeed() throws {
    let model = sequence([nil, 9, 4])
    let first = try one(.random(seed: 7), model)
    #expect(try one(.random(seed: 7), model) == first)
    #expect(try one(.random(seed: 8), model) != first)
    #expect(first.values.allSatisfy { abs($0) <= 1 })
    #expect(try one(.random(seed: 7), model, samples: 3).samples(0..<1) == first)
  }

  @Test func aTextIsOneHotInOrderOfAppearance() throws {
    let text = try one(.text("abca"), sequence([nil, nil, 3]))
    #expect(text == Tensor([1, 4, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0]))
    #expect(try one(.text("é🙂é"), sequence([nil, nil, 2])).values == [1, 0, 0, 1, 1, 0])
  }

  @Test func aTextFillsFixedTimestepsWithZeros() throws {
    let model = sequence([nil, 4, 2])
    #expect(try one(.text("ab"), model).values == [1, 0, 0, 1, 0, 0, 0, 0])
    #expect(SampleInput.text("ab").remarks(for: model, length: nil).count == 1)
    #expect(SampleInput.text("abab").remarks(for: model, length: nil).isEmpty)
    #expect(try message(.text("abaab"), model).contains("5 characters, the input takes 4"))
    #expect(try message(.text("abc"), model).contains("3 different characters"))
    #expect(try message(.text(""), model).contains("empty"))
    #expect(try message(.text("a"), sequenceless()).contains("no time axis"))
  }

  private func sequenceless() -> Model {
    Model(input: InputLayer(batchShape: [nil, 5]), layers: [NamedLayer("dense", Dense())])
  }

  @Test func inputsOfAnEmbeddingAreNumbersOfItsTable() throws {
    for input in [SampleInput.sine, .ramp, .impulse(at: 1), .random(seed: 1)] {
      let numbers = try one(input, words(7), samples: 2, length: 30).values
      #expect(numbers.allSatisfy { $0 >= 0 && $0 < 7 && $0 == $0.rounded() }, "\(input)")
      let masked = try one(input, words(7, maskZero: true), length: 30).values
      #expect(masked.allSatisfy { $0 >= 1 && $0 < 7 && $0 == $0.rounded() }, "\(input)")
    }
    #expect(try one(.ramp, words(7), length: 4).values == [0, 2, 4, 6])
    #expect(try one(.text("abca"), words(7)).values == [0, 1, 2, 0])
    #expect(try one(.text("aba"), words(7, [nil, 5], maskZero: true)).values == [1, 2, 1, 0, 0])
    #expect(try message(.text("abc"), words(2)).contains("3 different characters"))
    #expect(try one(.random(seed: 0), words(1, maskZero: true), length: 3).values == [0, 0, 0])
  }

  @Test func everyInputOfAModelGetsItsTensor() throws {
    var model = Model(name: "two", kind: .functional)
    let sequence = model.addInput(
      NamedLayer("sequence", InputLayer(batchShape: [nil, nil, 2])))
    let side = model.addInput(NamedLayer("side", InputLayer(batchShape: [nil, 3])))
    let lstm = model.addLayer(NamedLayer("lstm", LSTM()))
    model.outputs = [TensorRef(model.call(lstm, on: [sequence])), side]
    let tensors = try SampleInput.impulse(at: 5).tensors(for: model, samples: 1, length: 6)
    #expect(tensors.map(\.sizes) == [[1, 6, 2], [1, 3]])
    #expect(tensors[0][0, 5, 0] == 1 && tensors[1].values == [0, 0, 0])
    #expect(try SampleInput.text("ab").tensors(for: model, samples: 1, length: nil).count == 2)
    #expect(model.freeAxes == [FreeAxis(input: "sequence", axis: 1, role: .time)])
  }

  @Test func aFreeAxisAsksForALength() throws {
    #expect(try message(.sine, sequence([nil, nil, 2])).contains("number of timesteps free"))
    #expect(try message(.sine, sequence([nil, nil, 2]), length: 0).contains("empty"))
    #expect(try message(.sine, sequence([nil, 1 << 50, 2])).contains("bytes"))
    #expect(try message(.sine, sequence([nil, nil, 2]), length: 1 << 52).contains("bytes"))
  }

  @Test(arguments: [
    ("sine", SampleInput.sine), ("ramp", .ramp), ("impulse 5", .impulse(at: 5)),
    ("impulse", .impulse(at: 0)), ("random 7", .random(seed: 7)), ("random", .random(seed: 0)),
    ("text hello  world", .text("hello  world")),
  ])
  func wordsNameAnInput(_ words: String, _ input: SampleInput) throws {
    #expect(try SampleInput(words: words) == input)
  }

  @Test(arguments: [
    ("sien", "did you mean sine?"), ("", "no input"), ("noise", "there are sine"),
    ("impulse x", "timestep"), ("impulse -1", "timestep"), ("random -1", "seed"),
    ("impulse 99999999999999999999", "timestep"), ("text", "characters"), ("sine 5", "nothing"),
  ])
  func otherWordsAreRefused(_ words: String, _ part: String) throws {
    let error = try #require(throws: PassError.self) { try SampleInput(words: words) }
    #expect(error.description.contains(part), "\(error)")
  }

  @Test func labelsSayWhatItIs() {
    #expect(SampleInput.impulse(at: 5).label == "impulse at t = 5")
    #expect(SampleInput.random(seed: 7).label == "random, seed 7")
    #expect(SampleInput.text("hello").label == "text “hello”")
  }

  @Test func theFirstNumberThatIsNoneIsNamed() throws {
    var tensor = Tensor([2, 4, 2])
    #expect(sequence([nil, nil, 2]).firstNotANumber(in: [tensor]) == nil)
    tensor[1, 3, 0] = .nan
    tensor[1, 2, 1] = .nan
    let place = try #require(sequence([nil, nil, 2]).firstNotANumber(in: [tensor]))
    #expect(place.description == "sample 1, timestep 2, feature 1")
    #expect(place.timestep == 2 && place.count == 2)
  }
}
