import Neural

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keras' own file of a model with its weights, `.keras`: a zip archive of `metadata.json`,
/// `config.json` and `model.weights.h5`.
///
/// Source: `keras/src/saving/saving_lib.py`.
enum KerasArchive {
  /// What a zip archive starts with.
  static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

  private static let metadata = "metadata.json"
  private static let config = "config.json"
  private static let weights = "model.weights.h5"

  /// Writes an archive.
  ///
  /// - Throws: `HDF5.Failure` where weights are missing or memory does not suffice, and what the
  ///   sink throws.
  static func write(_ contents: ModelContents, to sink: any ByteSink) throws {
    let (model, texts) = AdaptedState.texts(of: contents.model)
    let version = Array("{\"keras_version\": \"3.15.1\", \"date_saved\": \"\(now)\"}".utf8)
    let text = Array(
      JSONWriter.write(KerasConfig.config(of: model), indent: nil).utf8)
    try HDF5Writer.file(WeightArchive.items(contents)) { arrays in
      try ZipWriter.write(
        [
          .init(name: metadata, content: .bytes(version)),
          .init(name: config, content: .bytes(text)),
          .init(name: weights, content: .borrowed(arrays)),
        ] + texts, to: sink)
    }
  }

  /// The model of an archive, and its weights, of which nothing is read yet.
  ///
  /// - Throws: `FileError` where the archive is damaged, or config and weights do not fit.
  static func read(_ file: OpenedFile) throws(FileError) -> (model: Model, stored: StoredWeights) {
    let archive: ZipReader
    let members: [String: ZipReader.Listing]
    var text: [UInt8]?
    var assets: [String: [UInt8]] = [:]
    do throws(ArrayFault) {
      archive = try ZipReader(file, remedy: "save the model again with model.save")
      let found = try archive.listings {
        $0 == config || $0 == weights || AdaptedState.isAsset($0)
      }
      members = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0) })
      if let config = members[config] {
        guard config.size <= FileContents.sizeLimit else {
          throw ArrayFault("has a config of over \(FileContents.sizeLimit >> 20) MB")
        }
        text = try archive.bytes(of: config)
      }
      for asset in found where AdaptedState.isAsset(asset.name) {
        guard asset.size <= FileContents.sizeLimit else {
          throw ArrayFault("has a text of over \(FileContents.sizeLimit >> 20) MB: \(asset.name)")
        }
        assets[asset.name] = try archive.bytes(of: asset)
      }
    } catch {
      throw error.at(file.path)
    }
    guard let text else {
      throw FileError(
        file.path, "has no \(config), so it is no .keras file",
        remedy: "model.save(\"model.keras\") in Keras 3 writes one")
    }
    let model = try KerasConfig.read(text, path: file.path)
    guard let arrays = members[weights] else {
      throw FileError(
        file.path, "has no \(weights)",
        remedy: "save the model again with model.save(\"model.keras\")")
    }
    let stored: StoredWeights
    do throws(HDF5.Failure) {
      stored = try WeightArchive.stored(
        in: HDF5File(arrays, of: archive), of: model, path: file.path)
    } catch {
      throw FileError(file.path, error.message)
    }
    return (try AdaptedState.read(model, stored, assets: assets), stored)
  }

  /// The time as Keras notes it: `2026-01-31@12:00:00`.
  private static var now: String {
    var seconds = time(nil)
    var parts = tm()
    localtime_r(&seconds, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%d@%H:%M:%S", &parts)
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
