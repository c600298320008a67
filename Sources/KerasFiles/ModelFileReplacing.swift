import Neural

extension ModelFile {
  /// Saves a model or its weights alone, as the suffix says, over what stands there: what a
  /// training or a script saves.
  ///
  /// - Parameters:
  ///   - path: the file: `.keras` and `.h5` take all, `.weights.h5` and `.npz` the weights alone,
  ///     `.json` and `.py` the model alone.
  ///   - contents: the model with its weights.
  /// - Returns: what the file holds where that is not all, such as `the weights alone`.
  /// - Throws: `FileError` where the suffix is of no kind that can be saved, or saving fails.
  @discardableResult
  public static func replace(
    _ path: String, with contents: ModelContents
  ) throws(FileError) -> String? {
    try checkSavable(path)
    if WeightFile.isNamed(path) {
      try WeightFile.save(contents, to: path)
      return "the weights alone"
    }
    _ = try save(contents, to: path, knownAs: nil, overwrite: true)
    return ["keras", "h5"].contains(suffix(of: path))
      ? nil : "the model without its weights: a .keras file holds both"
  }

  /// Checks that a model can be saved under a name, before it is trained for hours.
  ///
  /// - Throws: `FileError` where the suffix is of no kind that can be saved.
  public static func checkSavable(_ path: String) throws(FileError) {
    let suffix = suffix(of: path)
    guard !WeightFile.isNamed(path), !suffixes.contains(suffix) else { return }
    throw FileError(
      path, suffix.isEmpty ? "has no suffix" : ".\(suffix) files cannot be saved",
      remedy: "end the name in .keras, or in \(WeightFile.suffix) or .npz for the weights alone")
  }
}
