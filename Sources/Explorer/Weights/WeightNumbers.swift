import Neural

/// Where the numbers of a layer's weights are.
enum WeightNumbers: Sendable {
  /// In memory: the layer was run or trained.
  case memory(LayerWeights)
  /// In the file, to be read.
  case file(any WeightSource)

  /// Hands the numbers of a weight out, some at a time in row-major order.
  ///
  /// - Throws: `WeightFault` where the file cannot be read.
  func stream(
    _ index: Int, of layer: LayerID, _ body: (UnsafeBufferPointer<Float>) -> Void
  ) throws(WeightFault) {
    switch self {
    case .memory(let weights):
      guard weights.tensors.indices.contains(index) else { return }
      weights[index].values.withUnsafeBufferPointer { numbers in
        var start = 0
        while start < numbers.count, !Task.isCancelled {
          let end = min(start + (1 << 20), numbers.count)
          body(UnsafeBufferPointer(rebasing: numbers[start..<end]))
          start = end
        }
      }
    case .file(let source): try source.stream(index, of: layer, body)
    }
  }
}

/// What decides the numbers of a layer's weights: equal keys, equal numbers.
struct WeightKey: Hashable, Sendable {
  /// Where the layer is.
  var place: Place
  /// Where the numbers are: `nil` in the file, else the state of those in memory.
  var revision: Int?
  /// The sizes of the weights.
  var sizes: [[Int]]

  /// A layer of an open document.
  struct Place: Hashable, Sendable {
    var document: Int
    var layer: LayerID
  }
}

extension Document {
  /// Where the numbers of a layer's weights are; `nil` where it has none yet.
  func numbers(of layer: LayerID) -> WeightNumbers? {
    let sizes = (analysis.weights[layer] ?? []).map(\.shape)
    guard !sizes.isEmpty else { return nil }
    if let known = weights.layers[layer], known.tensors.map(\.sizes) == sizes {
      return .memory(known)
    }
    guard let stored, stored.sizes(of: layer) == sizes else { return nil }
    return .file(stored)
  }

  /// Why the file's numbers of a layer cannot be read, where there are no others.
  func fault(of layer: LayerID) -> WeightFault? {
    numbers(of: layer) == nil ? stored?.fault(of: layer) : nil
  }
}

extension State {
  /// What decides the numbers of a layer's weights; `nil` where it has none yet.
  func weightKey(of layer: LayerID) -> WeightKey? {
    guard let numbers = document.numbers(of: layer) else { return nil }
    var key = WeightKey(
      place: .init(document: current, layer: layer), revision: nil,
      sizes: (document.analysis.weights[layer] ?? []).map(\.shape))
    if case .memory = numbers { key.revision = document.weightRevision }
    return key
  }
}

extension ModelWeights {
  /// These weights, and those of a file for layers that have none here of the sizes they need.
  ///
  /// - Parameters:
  ///   - stored: the weights of the file; `nil`: there are none.
  ///   - needed: the weights that each layer needs.
  ///   - limit: how much memory may be read into.
  /// - Returns: the weights that are known; first values have to be made of the others.
  /// - Throws: `PassError` where reading would take more memory than allowed, or fails.
  public func completed(
    from stored: (any WeightSource)?, for needed: [LayerID: [WeightSpec]],
    limit: MemoryLimit = .standard
  ) throws(PassError) -> ModelWeights {
    guard let stored else { return self }
    var missing: [LayerID] = []
    var (bytes, all): (Count, Count) = (0, 0)
    for layer in stored.layers {
      let sizes = stored.sizes(of: layer)
      let count = sizes.reduce(Count(0)) { $0 + Count.product($1) * 4 }
      all = all + count
      guard needed[layer]?.map(\.shape) == sizes, layers[layer]?.tensors.map(\.sizes) != sizes
      else { continue }
      missing.append(layer)
      bytes = bytes + count
    }
    for (layer, specs) in needed where layers[layer]?.tensors.map(\.sizes) != specs.map(\.shape) {
      if let fault = stored.fault(of: layer) { throw PassError(fault.description) }
    }
    guard bytes <= Count(limit.bytes) else {
      throw PassError(
        "the weights of the file would take \(bytes.grouped) bytes, "
          + "allowed are \(Count(limit.bytes).grouped)",
        remedy: "use a model with fewer units, or a machine with more memory")
    }
    var result = self
    do throws(WeightFault) {
      // One reading of the file costs less than one for each layer. It fails where a layer cannot
      // be read that nobody needs any more.
      let isCheap = missing.count > 1 && all <= bytes * 2 && all <= Count(limit.bytes)
      let read = isCheap ? try? stored.weights() : nil
      for layer in missing {
        if let known = read?.layers[layer] {
          result.layers[layer] = known
        } else {
          result.layers[layer] = try stored.weights(of: layer)
        }
      }
    } catch {
      throw PassError(error.description)
    }
    return result
  }
}
