import Neural
import Testing

/// Shapes, counts and meanings that a person can check: literal numbers from real Keras 3.15
/// (`layer(keras.Input(...)).shape` and `layer.count_params()`).
@Suite struct KnownShapeTests {
  private func shape(_ sizes: Int?...) -> Shape { Shape(sizes: sizes) }

  private func count(_ layer: any Layer, on inputs: Shape...) throws -> Count {
    try layer.weights(for: inputs).reduce(0) { $0 + $1.count }
  }

  private func layer<L: Layer>(
    _ type: L.Type, _ settings: KeyValuePairs<String, ConfigValue>
  ) throws -> L {
    var layer = L()
    for (key, value) in settings { try layer.set(key, to: value) }
    return layer
  }

  @Test func theTwoTowerConvolutionLeavesOneColumn() throws {
    let conv = try layer(Conv2D.self, ["filters": 32, "kernel_size": [2, 300]])
    let left = try #require(try conv.outputShapes(for: [shape(nil, nil, 300, 1)]).first)
    #expect(left.description == "(None, None, 1, 32)")
    #expect(left.axes.map(\.role) == [.batch, .height, .width, .channels])
    #expect(try count(conv, on: shape(nil, nil, 300, 1)) == 19232)
    let right = try conv.outputShapes(for: [shape(nil, 5, 300, 1)])
    #expect(right == [shape(nil, 4, 1, 32)])
  }

  @Test func squeezeTakesTheColumnOut() throws {
    var squeeze = Squeeze()
    try squeeze.set("axis", to: 2)
    #expect(
      try squeeze.outputShapes(for: [shape(nil, nil, 1, 32)]).map(\.sizes) == [[nil, nil, 32]])
    try squeeze.set("axis", to: 1)
    #expect(throws: ShapeError.self) { try squeeze.outputShapes(for: [shape(nil, 4, 1, 32)]) }
  }

  @Test func channelsFirstPoolingShrinksTheFeaturesAndSaysSo() throws {
    let pooling = try layer(
      MaxPooling1D.self, ["pool_size": 4, "data_format": "channels_first"])
    let input = shape(nil, 144, 8)
    let outputs = try pooling.outputShapes(for: [input])
    #expect(outputs == [shape(nil, 144, 2)])
    #expect(pooling.remarks(for: [input]).count == 1)
    #expect(pooling.remarks(for: [input])[0].contains("8 features become 2"))
    let questions = pooling.explanation(for: [input], outputs: outputs).answers.map(\.question)
    #expect(questions.contains("Why are the timesteps the same?"))
    let usual = try layer(MaxPooling1D.self, ["pool_size": 4])
    #expect(try usual.outputShapes(for: [input]) == [shape(nil, 36, 8)])
    #expect(usual.remarks(for: [input]).isEmpty)
  }

  @Test func batchNormalizationKeepsThePartsAndHasHalfUntrained() throws {
    let features = Axis(
      .features, 100, parts: [Part(size: 50, origin: .forward), Part(size: 50, origin: .backward)])
    let input = Shape([Axis(.batch, 32), Axis(.time, 128), features])
    let layer = BatchNormalization()
    #expect(try layer.outputShapes(for: [input]) == [input])
    let weights = try layer.weights(for: [input])
    #expect(weights.map(\.name) == ["gamma", "beta", "moving_mean", "moving_variance"])
    #expect(weights.map(\.isTrainable) == [true, true, false, false])
    #expect(try count(layer, on: input) == 400)
  }

  @Test func dropoutPoolingAndPermuteKeepParts() throws {
    let features = Axis(.features, 4, parts: [Part(size: 4, origin: .forward)])
    let input = Shape([Axis(.batch, nil), Axis(.time, 6), features])
    #expect(try Dropout().outputShapes(for: [input])[0][2] == features)
    #expect(try MaxPooling1D().outputShapes(for: [input])[0][2] == features)
    #expect(try Permute().outputShapes(for: [input])[0][1] == features)
    #expect(try GlobalMaxPooling1D().outputShapes(for: [input])[0][1] == features)
    #expect(try Flatten().outputShapes(for: [input])[0][1] == Axis(.features, 24))
  }

  @Test func concatDoublesTheFeatureAxisAndRemembersItsParts() throws {
    let forward = Axis(
      .features, 6, parts: [Part(size: 3, origin: .forward), Part(size: 3, origin: .backward)])
    let one = Shape([Axis(.batch, nil), Axis(.time, 7), forward])
    let other = shape(nil, 7, 5)
    let joined = try Concatenate().outputShapes(for: [one, other])[0]
    #expect(joined.sizes == [nil, 7, 11])
    #expect(joined[1].role == .time)
    #expect(joined[2].parts == forward.parts + [Part(size: 5, origin: .input(1))])
  }

  @Test func concatenateNamesTheShapesThatDoNotFit() {
    #expect {
      try Concatenate().outputShapes(for: [Shape(sizes: [nil, 7, 3]), Shape(sizes: [nil, 8, 3])])
    } throws: { error in
      "\(error)".contains("(None, 7, 3)") && "\(error)".contains("(None, 8, 3)")
    }
  }

  @Test func subtractTakesExactlyTwo() throws {
    let input = shape(nil, 6)
    #expect(try Subtract().outputShapes(for: [input, input]) == [input])
    #expect(throws: ShapeError.self) { try Subtract().outputShapes(for: [input]) }
    #expect(throws: ShapeError.self) { try Subtract().outputShapes(for: [input, input, input]) }
    #expect(try Add().outputShapes(for: [input, input, input]) == [input])
  }

  @Test func addBroadcastsAxesOfOne() throws {
    #expect(
      try Add().outputShapes(for: [shape(nil, 7, 3), shape(nil, 1, 3)]) == [shape(nil, 7, 3)])
    #expect(throws: ShapeError.self) {
      try Add().outputShapes(for: [Shape(sizes: [nil, 7, 3]), Shape(sizes: [nil, 7, 4])])
    }
  }

  @Test func embeddingAddsAFeatureAxisAndCanMask() throws {
    let embedding = try layer(
      Embedding.self, ["input_dim": 20000, "output_dim": 128, "mask_zero": true])
    let output = try embedding.outputShapes(for: [shape(nil, 80)])[0]
    #expect(output == shape(nil, 80, 128))
    #expect(try count(embedding, on: shape(nil, 80)) == 2_560_000)
    #expect(embedding.masking == .makes(equal: .index))
    #expect(Embedding().masking == .ends)
  }

  @Test func timeDistributedPutsTheTimestepsBack() throws {
    let dense = TimeDistributed(NamedLayer("dense", try layer(Dense.self, ["units": 12])))
    #expect(try dense.outputShapes(for: [shape(nil, 5, 128)]) == [shape(nil, 5, 12)])
    #expect(try count(dense, on: shape(nil, 5, 128)) == 1548)
    let rows = TimeDistributed(NamedLayer("lstm", LSTM(units: 128)))
    #expect(try rows.outputShapes(for: [shape(nil, 28, 28, 1)]) == [shape(nil, 28, 128)])
    #expect(try rows.weights(for: [shape(nil, 28, 28, 1)])[0].owner == ["lstm"])
    #expect(throws: ShapeError.self) { try dense.outputShapes(for: [shape(nil, 5)]) }
  }

  @Test func aFrozenInnerLayerIsNotTrained() throws {
    let frozen = TimeDistributed(NamedLayer("dense", Dense(), trainable: false))
    #expect(try frozen.weights(for: [shape(nil, 5, 3)]).allSatisfy { !$0.isTrainable })
  }

  @Test func reshapeSaysBothNumbersOfElements() throws {
    let reshape = try layer(Reshape.self, ["target_shape": [4, 32]])
    #expect(try reshape.outputShapes(for: [shape(nil, 4, 1, 32)]) == [shape(nil, 4, 32)])
    #expect {
      try reshape.outputShapes(for: [Shape(sizes: [nil, 120])])
    } throws: { error in
      "\(error)".contains("(4, 32) has 128 elements, found 120")
    }
    let rest = try layer(Reshape.self, ["target_shape": [-1, 8]])
    #expect(try rest.outputShapes(for: [shape(nil, 4, 6)]) == [shape(nil, 3, 8)])
    #expect(try rest.outputShapes(for: [shape(nil, nil, 6)]).map(\.sizes) == [[nil, nil, 8]])
  }

  @Test func repeatVectorMakesASequence() throws {
    let layer = try layer(RepeatVector.self, ["n": 5])
    #expect(try layer.outputShapes(for: [shape(nil, 16)]) == [shape(nil, 5, 16)])
    #expect {
      try layer.outputShapes(for: [Shape(sizes: [nil, 3, 16])])
    } throws: { "\($0)".contains("return_sequences=false") }
  }

  @Test func aLambdaWithoutAShapeSaysHowToGiveOne() throws {
    #expect {
      try Lambda().outputShapes(for: [Shape(sizes: [nil, 3])])
    } throws: { "\($0)".contains("output_shape") }
    let given = try layer(Lambda.self, ["output_shape": [7, 2]])
    #expect(try given.outputShapes(for: [shape(4, 3)]) == [shape(4, 7, 2)])
    var found = Lambda()
    found.resolvedOutputShape = [nil, 9]
    found.resolvedInputSizes = [[nil, 3]]
    #expect(try found.outputShapes(for: [shape(nil, 3)]).map(\.sizes) == [[nil, 9]])
    #expect(throws: ShapeError.self) { try found.outputShapes(for: [Shape(sizes: [nil, 4])]) }
  }

  @Test func dotSumsAnAxisOfBoth() throws {
    let dot = try layer(Dot.self, ["axes": [2, 2]])
    #expect(
      try dot.outputShapes(for: [shape(nil, 7, 64), shape(nil, 9, 64)]) == [
        Shape(sizes: [nil, 7, 9], roles: [.batch, .time, .time])
      ])
    let vectors = try layer(Dot.self, ["axes": 1, "normalize": true])
    #expect(
      try vectors.outputShapes(for: [shape(nil, 8), shape(nil, 8)]).map(\.sizes) == [[nil, 1]])
    #expect(throws: ShapeError.self) {
      try vectors.outputShapes(for: [Shape(sizes: [nil, 8]), Shape(sizes: [nil, 9])])
    }
  }

  @Test func causalConvolutionKeepsTheTimesteps() throws {
    let conv = try layer(
      Conv1D.self, ["filters": 64, "kernel_size": 5, "padding": "causal", "dilation_rate": 2])
    #expect(try conv.outputShapes(for: [shape(nil, 100, 8)]) == [shape(nil, 100, 64)])
    #expect(try count(conv, on: shape(nil, 100, 8)) == 2624)
    #expect(try conv.outputShapes(for: [shape(nil, nil, 8)]).map(\.sizes) == [[nil, nil, 64]])
  }

  @Test func aKernelLargerThanItsInputIsRefused() {
    #expect {
      var conv = Conv1D()
      try conv.set("kernel_size", to: 5)
      return try conv.outputShapes(for: [Shape(sizes: [nil, 3, 8])])
    } throws: { "\($0)".contains("kernel_size of 5") && "\($0)".contains("3 timesteps") }
  }

  @Test func hugeSizesAreCountedExactlyOrRefused() throws {
    let conv = try layer(Conv1D.self, ["filters": .int(largestSize), "kernel_size": 3])
    let number = try count(conv, on: shape(nil, 10, 1000))
    #expect(number.isExact)
    #expect(number == Count(largestSize) * 3001)
    let wide = try layer(DepthwiseConv1D.self, ["depth_multiplier": .int(largestSize)])
    #expect(throws: ShapeError.self) {
      try wide.outputShapes(for: [Shape(sizes: [nil, 10, largestSize])])
    }
  }

  @Test func explanationLinesAreShort() throws {
    let inputs = [shape(nil, 28, 28, 3), shape(nil, 28, 3), shape(nil, 3)]
    for type in LayerCatalog.types
    where !(type is any RecurrentLayer.Type) && !(type is Dense.Type || type is Bidirectional.Type)
    {
      let layer = type.init()
      for input in inputs {
        let arguments = layer.inputCount.contains(1) ? [input] : [input, input]
        guard let outputs = try? layer.outputShapes(for: arguments) else { continue }
        for answer in layer.explanation(for: arguments, outputs: outputs).answers {
          for line in answer.lines { #expect(line.count <= 80, "\(type.className): \(line)") }
        }
      }
    }
  }

  @Test func slicesAreThoseOfPython() throws {
    let input = shape(nil, 10, 8)
    let whole = GetItem.Index.slice(start: nil, stop: nil, step: nil)
    let last = GetItem([whole, .position(-1)])
    #expect(try last.outputShapes(for: [input]).map(\.sizes) == [[nil, 8]])
    let reversed = GetItem([whole, .slice(start: nil, stop: nil, step: -2)])
    #expect(try reversed.outputShapes(for: [input]).map(\.sizes) == [[nil, 5, 8]])
    let added = GetItem([.ellipsis, .newAxis])
    #expect(try added.outputShapes(for: [input]).map(\.sizes) == [[nil, 10, 8, 1]])
  }

  @Test func expandDimsOfSamplesMakesASequence() throws {
    let expand = ExpandDims()
    let output = try expand.outputShapes(for: [shape(nil, 12)])[0]
    #expect(output == shape(nil, 12, 1))
    #expect(output.axes.map(\.role) == [.batch, .time, .features])
  }
}
