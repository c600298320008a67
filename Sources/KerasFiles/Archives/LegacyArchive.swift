import Neural

/// A model with its weights in one HDF5 file, `.h5`: the format of Keras 2, which Keras 3 still
/// reads and writes.
///
/// Source: `keras/src/legacy/saving/legacy_h5_format.py`.
enum LegacyArchive {
  /// The attribute with the model's config.
  static let config = "model_config"
  /// The attribute that says how the model is trained.
  static let training = "training_config"

  /// The model of a file, and its weights, of which nothing is read yet.
  ///
  /// - Throws: `FileError` where the file is damaged, or config and weights do not fit.
  static func read(_ file: OpenedFile) throws(FileError) -> (model: Model, stored: StoredWeights) {
    let source = HDF5File(file)
    let index: HDF5Index
    do throws(HDF5.Failure) {
      index = try source.index()
    } catch {
      throw FileError(file.path, error.message)
    }
    guard let text = index.text(config, of: "") else { throw noModel(index, file.path) }
    guard let legacy = LegacyFile(source, index) else {
      throw FileError(
        file.path, "has a model, but no weights for it",
        remedy: "save the model again with model.save(\"model.h5\")")
    }
    var model = try model(text, legacy, path: file.path)
    if let training = index.text(training, of: "") {
      // What cannot be read of it is no reason to refuse the model.
      if let value = try? JSONReader.read(Array(training.utf8)) {
        model.extra["compile_config"] = LegacyTraining.compileConfig(value)
      }
    }
    let stored: StoredWeights
    do throws(HDF5.Failure) {
      stored = try LegacyWeights.stored(in: legacy, of: model, path: file.path, by: .names)
    } catch {
      throw FileError(
        file.path, error.message, remedy: "save the model again with model.save(\"model.h5\")")
    }
    return (try AdaptedState.read(model, stored), stored)
  }

  /// The weights of a file for a model that stands elsewhere: of a whole model with equal layers,
  /// or of a file of weights alone as Keras 2 saved it.
  ///
  /// - Throws: `FileError` where the file is damaged, or its weights do not fit the model.
  static func weights(_ file: OpenedFile, for model: Model) throws(FileError) -> StoredWeights {
    do throws(HDF5.Failure) {
      let source = HDF5File(file)
      let index = try source.index()
      guard let legacy = LegacyFile(source, index) else {
        guard index.isWeightArchive else { throw HDF5.Failure("holds no weights of a Keras model") }
        return try WeightArchive.stored(in: source, of: model, path: file.path)
      }
      return try LegacyWeights.stored(in: legacy, of: model, path: file.path, by: .order)
    } catch {
      throw FileError(
        file.path, error.message, remedy: "open the weights with the model they belong to")
    }
  }

  private static func model(
    _ text: String, _ file: LegacyFile, path: String
  ) throws(FileError) -> Model {
    let value: ConfigValue
    do throws(JSONError) {
      value = try JSONReader.read(Array(text.utf8))
    } catch {
      throw FileError(path, "its \(config) is damaged: \(error.message)")
    }
    do throws(ConfigError) {
      return try KerasConfig.model(
        from: file.isKeras3
          ? LegacyConfig.restored(value) : LegacyConfig.withoutFormerSettings(value))
    } catch {
      throw FileError(path, error.message, remedy: error.remedy)
    }
  }

  /// What a file without a model is.
  private static func noModel(_ index: HDF5Index, _ path: String) -> FileError {
    guard
      index.attributes[""]?["layer_names"] != nil || index.attributes[""]?["layer_names0"] != nil
        || index.isWeightArchive
    else {
      return FileError(
        path, "is an HDF5 file, but holds no Keras model",
        remedy: "in Keras, model.save(\"model.h5\") writes one")
    }
    return FileError(
      path, "holds weights without a model, as save_weights writes them",
      remedy: "open the model that they belong to, with this file behind --weights")
  }
}
