import Foundation
import Neural
import Testing

@testable import KerasFiles

/// `.h5` files written here.
@Suite struct LegacyWritingTests {
  @Test func everyModelComesBackWithItsWeights() throws {
    // With UNROLL_ARCHIVES=DIRECTORY the files stay, for `verify_archives.py`.
    let kept = ProcessInfo.processInfo.environment["UNROLL_ARCHIVES"]
    for number in try ModelNumbers(path: "model-numbers").models {
      let opened = try number.opened()
      let weights = try #require(opened.weights, "\(number.id)")
      let bytes = try LegacyArchive.write(
        ModelContents(opened.model, weights: weights))
      if let kept { try Data(bytes).write(to: URL(fileURLWithPath: "\(kept)/\(number.id).h5")) }
      let (model, stored) = try LegacyFixtures.opened(bytes)
      let read = try stored.loaded()
      #expect(model.layers.count == opened.model.layers.count, "\(number.id)")
      #expect(
        Self.flat(model, read) == Self.flat(opened.model, weights), "\(number.id)")
      #expect(
        KerasConfig.config(of: model) == KerasConfig.config(of: opened.model), "\(number.id)")
    }
  }

  private static func flat(_ model: Model, _ weights: ModelWeights) -> [Tensor] {
    KerasOrder(model.kind == .functional ? model.withMaskOperations() : model).layers
      .flatMap { weights[$0].tensors }
  }

  @Test func namesTooLongForOneAttributeAreSplit() throws {
    var dense = Dense()
    dense.units = 1
    let model = Model(
      input: InputLayer(batchShape: [nil, 1]),
      layers: (0..<400).map { NamedLayer(String(repeating: "x", count: 200) + "\($0)", dense) })
    let weights = try ModelWeights(initializing: model, Analysis(of: model), seed: 1)
    let bytes = try LegacyArchive.write(ModelContents(model, weights: weights))
    let index = try HDF5File(bytes).index()
    #expect(index.attributes["model_weights"]?["layer_names"] == nil)
    #expect(index.texts("layer_names", of: "model_weights")?.count == 400)
    // A config of more than 64 KB, which is no attribute of fixed size.
    #expect((index.text("model_config", of: "")?.utf8.count ?? 0) > 64 << 10)
    let again = try LegacyFixtures.opened(bytes)
    #expect(Self.flat(again.model, try again.stored.loaded()) == Self.flat(model, weights))
  }

  @Test func textOutsideASCIIIsEscaped() throws {
    var dense = Dense()
    dense.units = 2
    let model = Model(
      name: "Stra\u{df}e", input: InputLayer(batchShape: [nil, 2]),
      layers: [NamedLayer("gr\u{f6}\u{df}e_\u{1f980}", dense)])
    let weights = try ModelWeights(initializing: model, Analysis(of: model), seed: 1)
    let bytes = try LegacyArchive.write(ModelContents(model, weights: weights))
    let config = try HDF5File(bytes).index().text("model_config", of: "")
    #expect(config?.utf8.allSatisfy { $0 < 0x80 } == true)
    #expect(config?.contains("gr\\u00f6\\u00dfe_\\ud83e\\udd80") == true)
    let again = try LegacyFixtures.opened(bytes)
    #expect(again.model.name == model.name)
    #expect(Self.flat(again.model, try again.stored.loaded()) == Self.flat(model, weights))
  }

  @Test func numbersOfEveryKindAreWrittenAsTheyAre() throws {
    func array(_ element: HDF5Index.Element, _ bytes: Int) -> NativeArray {
      NativeArray(
        sizes: [2], element: element, elementBytes: bytes,
        bytes: (0..<(2 * bytes)).map { element == .boolean ? UInt8($0 % 2) : UInt8($0 + 1) })
    }
    let arrays =
      [array(.boolean, 1), array(.float, 4), array(.float, 8)]
      + [1, 2, 4, 8].flatMap {
        [array(.integer(isSigned: true), $0), array(.integer(isSigned: false), $0)]
      }
    let bytes = try HDF5Writer.file(
      arrays.enumerated().map {
        .native(path: "a/\($0)", $1, attributes: [.init("said", .text("\($0)"))])
      })
    let file = HDF5File(bytes)
    let index = try file.index()
    #expect(try file.nativeArrays(arrays.indices.map { "a/\($0)" }, index) == arrays)
    #expect(index.text("said", of: "a/3") == "3")
    let wrong = NativeArray(sizes: [3], element: .float, elementBytes: 4, bytes: [0])
    #expect(throws: HDF5.Failure("a has not as many numbers as it says")) {
      try HDF5Writer.file([.native(path: "a", wrong)])
    }
  }
}
