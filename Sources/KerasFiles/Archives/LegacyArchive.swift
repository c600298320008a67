import Neural

/// A model with its weights in one HDF5 file, `.h5`: the format of Keras 2, which Keras 3 still
/// reads and writes.
///
/// Source: `keras/src/legacy/saving/legacy_h5_format.py`.
enum LegacyArchive {
  /// The bytes of a file.
  ///
  /// - Throws: `FileError` where weights are missing or memory does not suffice.
  static func write(_ contents: ModelContents, path: String) throws(FileError) -> [UInt8] {
    throw FileError(path, "could not be saved")
  }

  /// The model of a file, and its weights, of which nothing is read yet.
  ///
  /// - Throws: `FileError` where the file is damaged, or config and weights do not fit.
  static func read(_ file: OpenedFile) throws(FileError) -> (model: Model, stored: StoredWeights) {
    throw FileError(file.path, "cannot be read")
  }
}
