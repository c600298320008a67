import Neural

/// Where a file has a variable of an optimizer.
struct StoredVariable: Hashable, Sendable {
  /// Its path in Keras, where the file says: `adam/iteration`; else one made of its place.
  var name: String
  /// The array in the file.
  var path: String
  /// What it is where the file has no array for it, but says it elsewhere.
  var value: NativeArray?
}

/// Where a file has an array that nobody here knows.
struct StoredLeftover: Hashable, Sendable {
  /// Whose it is.
  var place: WeightPaths.Place
  /// Its path from there.
  var path: String
  /// The array in the file.
  var source: String
  /// Whether it belongs to weights that are known, but cannot be read.
  var isWeight: Bool
  /// Its place among the arrays of its layer in a file of Keras 2's format.
  var number: Int?
}

extension StoredWeights {
  /// Whether the file has what an optimizer had noted when it was saved.
  public var hasOptimizer: Bool { !optimizer.isEmpty }

  /// What the optimizer had noted when the file was saved.
  ///
  /// - Parameter limit: how much memory it may take.
  /// - Returns: its variables in the order of Keras' `optimizer.variables`; none where the file has
  ///   nothing of it.
  /// - Throws: `FileError` where it would take more than allowed, or cannot be read.
  public func optimizerVariables(
    limit: MemoryLimit = .standard
  ) throws(FileError) -> [OptimizerVariable] {
    let paths = optimizer.filter { $0.value == nil }.map(\.path)
    var arrays = try natives(paths, limit)[...]
    return optimizer.compactMap { variable in
      (variable.value ?? arrays.popFirst()).map {
        OptimizerVariable(name: variable.name, array: $0)
      }
    }
  }

  /// All that the file holds of a model.
  ///
  /// - Parameters:
  ///   - model: the model that was read with the weights.
  ///   - limit: how much memory each of its parts may take.
  /// - Returns: model, weights, optimizer and what nobody here knows. Weights that cannot be read
  ///   are handed on as they are.
  /// - Throws: `FileError` where it would take more than allowed, or cannot be read.
  public func contents(
    of model: Model, limit: MemoryLimit = .standard
  ) throws(FileError) -> ModelContents {
    var contents = ModelContents(
      model, weights: try readable(limit: limit), optimizer: try optimizerVariables(limit: limit))
    contents.leftovers = try allLeftovers(limit: limit)
    return contents
  }

  /// What the file holds that nobody here knows.
  func allLeftovers(limit: MemoryLimit = .standard) throws(FileError) -> [Leftover] {
    zip(leftovers, try natives(leftovers.map(\.source), limit)).map {
      Leftover(
        place: $0.place, path: $0.path, isWeight: $0.isWeight, number: $0.number, array: $1)
    }
  }

  private func natives(
    _ paths: [String], _ limit: MemoryLimit
  ) throws(FileError) -> [NativeArray] {
    do throws(HDF5.Failure) {
      var bytes = Count(0)
      for path in paths {
        let array = try index.numbers(path, fileBytes: file.size)
        bytes = bytes + Count.product(array.sizes) * Count(array.elementBytes)
      }
      guard bytes <= Count(limit.bytes) else {
        throw HDF5.Failure(ArrayFault.tooMuchMemory(bytes, allowed: limit).message)
      }
      return try file.nativeArrays(paths, index)
    } catch {
      throw FileError(path, error.message)
    }
  }
}
