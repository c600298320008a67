import Neural

/// A file of a model's weights alone, `.weights.h5` of Keras 3: `model.save_weights`.
public enum WeightFile {
  /// The suffix, as Keras asks for it.
  public static let suffix = ".weights.h5"

  /// Saves the weights of a model, all or nothing.
  ///
  /// - Parameters:
  ///   - weights: the weights.
  ///   - model: the model whose they are.
  ///   - path: the file; what stands there is replaced.
  /// - Throws: `FileError` where weights are missing or the file cannot be saved; what stood there
  ///   before is intact then.
  public static func save(
    _ weights: ModelWeights, of model: Model, to path: String
  ) throws(FileError) {
    let bytes: [UInt8]
    do throws(HDF5.Failure) {
      bytes = try WeightArchive.write(weights, of: model)
    } catch {
      throw FileError(path, "could not be saved: \(error.message)")
    }
    _ = try AtomicFile().write(bytes, to: path, expecting: .anything)
  }

  /// Opens the weights of a model.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - model: the model whose weights they are.
  /// - Returns: a weight for each that the model needs, not read yet.
  /// - Throws: `FileError` where it is missing, damaged, or holds the weights of another model.
  public static func open(
    _ path: String, of model: Model
  ) throws(FileError) -> StoredWeights {
    let file = try OpenedFile(path)
    do throws(HDF5.Failure) {
      return try WeightArchive.stored(in: HDF5File(file), of: model, path: path)
    } catch {
      throw FileError(path, error.message, remedy: "open the weights with the model they belong to")
    }
  }
}
