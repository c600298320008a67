import Neural
import Testing

@testable import KerasFiles

@Suite struct SummaryTests {
  @Test func everyRandomModelsTableIsKerasOwn() throws {
    for model in try Fixtures.randomModels() where !model.hidesLambda && !model.isCalledOutside {
      let read = try KerasConfig.model(from: model.config)
      let text = try summaryText(of: read, style: .keras, options: options(model))
      #expect(trimmed(text) == trimmed(model.entry["summary"]?.stringValue ?? ""), "\(model.id)")
    }
  }

  /// From the script to the text, as a person would: names, masks, shared layers and all.
  @Test func everyRandomScriptsTableIsKerasOwn() async throws {
    // Keras accepts a state of the wrong size there, in a layer that the model does not use.
    let refusedHere: Set = ["functional-233"]
    let models = try Fixtures.randomModels().filter { !refusedHere.contains($0.id) }
    #expect(models.count == 319)
    try await withThrowingTaskGroup(of: Void.self) { group in
      // As many parsers at once as small machines have processors.
      for worker in 0..<4 {
        group.addTask {
          for index in stride(from: worker, to: models.count, by: 4) {
            try await expectTheScriptsTable(models[index])
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func expectTheScriptsTable(_ model: Fixtures.RandomModel) async throws {
    let source = Array((model.entry["script"]?.stringValue ?? "").utf8)
    let script = try await PythonScript(reading: source)
    let text = try summaryText(
      of: script.models[script.main].model, style: .keras, options: options(model))
    #expect(trimmed(text) == trimmed(model.entry["summary"]?.stringValue ?? ""), "\(model.id)")
  }

  private func options(_ model: Fixtures.RandomModel) -> SummaryOptions {
    let given = model.entry["summary_options"]
    let range = given?["layer_range"]?.listValue?.compactMap(\.stringValue)
    return SummaryOptions(
      lineLength: given?["line_length"]?.intValue, terminalColumns: 200,
      showTrainable: given?["show_trainable"]?.boolValue ?? false,
      expandNested: given?["expand_nested"]?.boolValue ?? false,
      layerRange: range.map { .init($0[0], $0[1]) })
  }

  private func trimmed(_ text: String) -> Substring {
    let end = text.lastIndex { $0 != "\n" }
    return end.map { text[...$0] } ?? ""
  }

  @Test func theFirstOriginTableIsReproduced() throws {
    let model = try origin(bidirectional: true)
    #expect(
      try summaryText(of: model, style: .classic).replacing(" \n", with: "·\n") == """
        Model: "sequential_1"
        _________________________________________________________________
        Layer (type)                 Output Shape              Param #  ·
        =================================================================
        bidirectional_1 (Bidirection (32, 128, 100)            28400    ·
        _________________________________________________________________
        batch_normalization_1 (Batch (32, 128, 100)            400      ·
        _________________________________________________________________
        dropout_1 (Dropout)          (32, 128, 100)            0        ·
        =================================================================
        Total params: 28,800
        Trainable params: 28,600
        Non-trainable params: 200
        _________________________________________________________________

        """)
  }

  @Test func theSecondOriginTableIsReproduced() throws {
    let text = try summaryText(of: try origin(bidirectional: false), style: .classic)
    for line in [
      "lstm_1 (LSTM)                (None, 128, 50)           14200     ",
      "batch_normalization_1 (Batch (None, 128, 50)           200       ",
      "dropout_1 (Dropout)          (None, 128, 50)           0         ", "Total params: 14,400",
      "Trainable params: 14,300", "Non-trainable params: 100",
    ] {
      #expect(text.contains(line + "\n"), "\(line)")
    }
  }

  private func origin(bidirectional: Bool) throws -> Model {
    let lstm = NamedLayer("lstm", LSTM(units: 50, returnSequences: true))
    let first = bidirectional ? NamedLayer("bidirectional", Bidirectional(lstm)) : lstm
    return Model(
      input: InputLayer(batchShape: [bidirectional ? 32 : nil, 128, 20]),
      layers: [
        first, NamedLayer("batch_normalization", BatchNormalization()),
        NamedLayer("dropout", Dropout()),
      ])
  }

  @Test func unequalDirectionsShowTheSumThatKerasGetsWrong() throws {
    var bidirectional = Bidirectional(NamedLayer("lstm", LSTM(units: 47, returnSequences: true)))
    var backward = LSTM(units: 240, returnSequences: true)
    backward.options.goBackwards = true
    bidirectional.backward = NamedLayer("lstm_1", backward)
    let model = Model(
      input: InputLayer(batchShape: [nil, 144, 8]),
      layers: [NamedLayer("bidirectional", bidirectional)])
    #expect(try summaryText(of: model, style: .keras).contains("(None, 144, 287)"))
  }

  @Test(
    arguments: [
      (nil, 200, false, [38, 29, 17]), (nil, 80, false, [33, 24, 15]),
      (60, 80, false, [26, 19, 11]),
      (nil, 200, true, [39, 31, 16, 9]), (nil, 80, true, [29, 23, 12, 7]),
    ] as [(Int?, Int, Bool, [Int])])
  func columnsAreAsWideAsKerasMakesThem(
    _ length: Int?, _ terminal: Int, _ trainable: Bool, _ widths: [Int]
  ) throws {
    let text = try summaryText(
      of: try origin(bidirectional: true), style: .keras,
      options: SummaryOptions(
        lineLength: length, terminalColumns: terminal, showTrainable: trainable))
    let border = text.split(separator: "\n")[1].dropFirst().dropLast()
    #expect(border.split(separator: "┳").map(\.count) == widths)
  }

  @Test func aNarrowConsoleIsAnError() throws {
    let model = try origin(bidirectional: true)
    for length in [1, 10, 15] {
      let error = #expect(throws: SummaryError.self) {
        try summaryText(of: model, style: .keras, options: SummaryOptions(lineLength: length))
      }
      #expect(error?.message == "Insufficient console width to print summary.")
    }
  }

  @Test func aRangeListsTheLayersBetweenAndCountsAll() throws {
    let model = try origin(bidirectional: true)
    func table(_ first: String, _ last: String) throws(SummaryError) -> String {
      try summaryText(
        of: model, style: .keras,
        options: SummaryOptions(layerRange: .init(first, last)))
    }
    let text = try table("batch", "drop.*")
    #expect(!text.contains("Bidirectional)") && text.contains("dropout (Dropout)"))
    #expect(text.contains("Total params: 28,800"))
    #expect(try table("drop", "batch") == text)
    #expect(throws: SummaryError.self) { try table("[", "drop") }
    #expect(throws: SummaryError.self) { try table("nothing", "drop") }
  }

  @Test(
    arguments: [
      (0, "0.00 B"), (752, "752.00 B"), (1023, "1023.00 B"), (1024, "1.00 KB"),
      (83_844, "81.88 KB"), (1 << 20, "1.00 MB"), (1 << 50, "1.00 PB"), (1 << 60, "1.00 PB"),
    ])
  func bytesAreWrittenAsKerasWritesThem(_ bytes: Int, _ text: String) {
    #expect(KerasTable.byteText(Count(bytes)) == text)
  }

  @Test func severalModelsStandInOneJSON() throws {
    let models = [try origin(bidirectional: true), try origin(bidirectional: false)]
    let json = try JSONReader.read(Array(summaryJSON(of: models, main: 1).utf8))
    #expect(json["main"] == 1)
    #expect(json["models"]?.listValue?.map { $0["total_params"] } == [28800, 14400])
    #expect(json["models"]?.listValue?[0]["output_shapes"] == [[32, 128, 100]])
  }
}
