import Neural

/// What `adapt` gave to layers, as files keep it beside their settings.
///
/// A vocabulary is a text of its own in a `.keras` file, `assets/layers/integer_lookup/
/// vocabulary.txt`, the weights of its places are an array. Source: `save_assets` and
/// `save_own_variables` in `keras/src/layers/preprocessing/index_lookup.py`.
enum AdaptedState {
  private static let folder = "assets/"
  private static let vocabulary = "vocabulary.txt"
  private static let placeWeights = "vars/idf_weights"

  /// The key in `NamedLayer.extra` for the texts of a layer that is not known here, by the ends of
  /// their paths: they go back to the file when it is saved.
  static let unknownTexts = "__assets__"

  /// Whether a member of an archive belongs to a layer.
  static func isAsset(_ name: String) -> Bool { name.hasPrefix(folder) && !name.hasSuffix("/") }

  // MARK: Reading

  /// A model with what a file keeps of its layers beside the weights.
  ///
  /// - Parameters:
  ///   - model: the model as its config says it.
  ///   - stored: its weights.
  ///   - assets: the texts of the archive, by their names.
  /// - Returns: the model.
  /// - Throws: `FileError` where a vocabulary is none.
  static func read(
    _ model: Model, _ stored: StoredWeights, assets: [String: [UInt8]] = [:]
  ) throws(FileError) -> Model {
    let paths = WeightPaths(of: model)
    let places = Dictionary(
      paths.places.map { ($0.place, $0.path) }, uniquingKeysWith: { first, _ in first })
    let entries = Dictionary(grouping: paths.entries, by: \.place)
    var fault: FileError?
    let result = model.changing { layer, place in
      guard let path = places[place] else { return layer }
      var layer = layer
      if let lookup = layer.layer as? IntegerLookup {
        do throws(FileError) {
          layer.layer = try read(lookup, at: path, stored, assets)
        } catch {
          fault = error
        }
      } else if let normalization = layer.layer as? Normalization {
        layer.layer = read(normalization, entries[place] ?? [], stored)
      } else if layer.layer is OpaqueLayer {
        keep(assets, at: path, in: &layer)
      }
      return layer
    }
    if let fault { throw fault }
    return result
  }

  /// Keeps the texts of a layer that is not known here.
  private static func keep(
    _ assets: [String: [UInt8]], at path: String, in layer: inout NamedLayer
  ) {
    let start = "\(folder)\(path)/"
    for (name, bytes) in assets.sorted(by: { $0.key < $1.key }) where name.hasPrefix(start) {
      guard let text = String(validating: bytes, as: UTF8.self) else { continue }
      var texts = layer.extra[unknownTexts]?.objectValue ?? [:]
      texts[String(name.dropFirst(start.count))] = .string(text)
      layer.extra[unknownTexts] = .object(texts)
    }
  }

  private static func read(
    _ lookup: IntegerLookup, at path: String, _ stored: StoredWeights, _ assets: [String: [UInt8]]
  ) throws(FileError) -> IntegerLookup {
    var lookup = lookup
    let name = "\(folder)\(path)/\(vocabulary)"
    if lookup.vocabulary == nil, let text = assets[name] {
      var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self).filter { $0 != "\r" } }
      while lines.last?.isEmpty == true { lines.removeLast() }
      var tokens: [Int] = []
      for line in lines {
        guard let token = Int(line) else {
          throw FileError(stored.path, "\(name) holds '\(line.prefix(40))', which is no number")
        }
        tokens.append(token)
      }
      lookup.vocabulary = Vocabulary(tokens)
      lookup.isAdapted = true
    }
    let weights = "\(path)/\(placeWeights)"
    if lookup.outputMode == .termFrequency, stored.index.arrays[weights] != nil,
      let tensor = try? stored.file.tensors([weights], stored.index).first
    {
      lookup.adaptedWeights = tensor
    }
    return lookup
  }

  /// The numbers of a layer, where they are few enough to stand in a script.
  private static func read(
    _ layer: Normalization, _ entries: [WeightPaths.Entry], _ stored: StoredWeights
  ) -> Normalization {
    guard entries.count == 3, let first = entries.first,
      Count.product(first.sizes) <= Count(Normalization.mostStated),
      let place = stored.places[first.layer], place.convert == nil,
      entries.allSatisfy({ place.paths.indices.contains($0.index) }),
      let found = try? stored.file.tensors(entries.map { place.paths[$0.index] }, stored.index)
    else { return layer }
    // What was never adapted has a mean of 0 and a variance of 1.
    let isAdapted =
      found[2].values != [0] || found[0].values.contains { $0 != 0 }
      || found[1].values.contains { $0 != 1 }
    guard isAdapted else { return layer }
    var layer = layer
    layer.adapted = .init(mean: found[0], variance: found[1])
    return layer
  }

  // MARK: Writing

  /// The texts of an archive, and the model whose config does not say them once more.
  static func texts(of model: Model) -> (model: Model, members: [ZipWriter.Member]) {
    let places = Dictionary(
      WeightPaths(of: model).places.map { ($0.place, $0.path) },
      uniquingKeysWith: { first, _ in first })
    var members: [ZipWriter.Member] = []
    let result = model.changing { layer, place in
      for (name, text) in layer.extra[unknownTexts]?.objectValue ?? [:] {
        guard let path = places[place], let text = text.stringValue else { continue }
        members.append(
          .init(name: "\(folder)\(path)/\(name)", content: .bytes(Array(text.utf8))))
      }
      guard let lookup = layer.layer as? IntegerLookup, lookup.isAdapted,
        let path = places[place], let tokens = lookup.listedVocabulary
      else { return layer }
      let text = tokens.map { $0.map(String.init) ?? "None" }.joined(separator: "\n")
      members.append(
        .init(name: "\(folder)\(path)/\(vocabulary)", content: .bytes(Array(text.utf8))))
      var layer = layer
      layer.layer = lookup.withoutVocabulary
      return layer
    }
    return (result, members)
  }

  /// The arrays that layers keep beside their weights.
  static func arrays(of model: Model, _ paths: WeightPaths) -> [(path: String, tensor: Tensor)] {
    let places = Dictionary(
      paths.places.map { ($0.place, $0.path) }, uniquingKeysWith: { first, _ in first })
    var arrays: [(path: String, tensor: Tensor)] = []
    _ = model.changing { layer, place in
      if let tensor = (layer.layer as? IntegerLookup)?.savedWeights, let path = places[place] {
        arrays.append(("\(path)/\(placeWeights)", tensor))
      }
      return layer
    }
    return arrays
  }
}

extension Model {
  /// The model with each of its layers changed, which is told its place.
  fileprivate func changing(
    _ change: (NamedLayer, WeightPaths.Place) -> NamedLayer
  ) -> Model {
    let ids = Dictionary(layers.map { ($0.value.name, $0.key) }) { first, _ in first }
    return changingLayers { layer, path in
      guard let first = path.first, let id = ids[first] else { return layer }
      return change(layer, .init(layer: id, inner: Array(path.dropFirst())))
    }
  }

  /// The model with what `adapt` gave to its layers among their settings, for files that keep
  /// settings alone.
  ///
  /// - Parameter keepsWeights: whether the file holds weights, so that what they say need not be
  ///   said.
  /// - Returns: the model.
  func sayingAdaptedState(keepsWeights: Bool) -> Model {
    changingLayers { layer, _ in
      guard let adapted = layer.layer as? any AdaptedLayer,
        !keepsWeights || !(adapted is Normalization)
      else { return layer }
      var layer = layer
      layer.layer = adapted.withStateAsSettings
      return layer
    }
  }
}
