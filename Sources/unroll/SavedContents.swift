import Explorer
import KerasFiles
import Neural

extension ModelContents {
  /// All that is saved of a document: a model with its weights, and what else its file held.
  ///
  /// Weights are those in memory, else the file's where their sizes fit, else first values. What
  /// the optimizer had noted goes along as long as it belongs to these weights.
  /// - Parameters:
  ///   - model: the document's model.
  ///   - document: the document.
  ///   - path: the file that is saved, for messages.
  /// - Throws: `FileError` where weights cannot be read or made, or take more memory than allowed.
  init(_ model: Model, of document: Document, for path: String) throws(FileError) {
    let file = document.weightsOfFile as? StoredWeights
    self = try file?.contents(of: document.modelOfFile) ?? ModelContents(model)
    self.model = model
    let analysis = Analysis(of: model)
    var known = document.weights
    for (layer, specs) in analysis.weights {
      let sizes = specs.map(\.shape)
      if known[layer].tensors.map(\.sizes) != sizes {
        known.layers[layer] = document.stored == nil ? nil : weights.layers[layer]
      }
    }
    let isAsRead = document.stored != nil && !document.isTrained
    if !isAsRead || trainedWeights(of: model) != trainedWeights(of: document.modelOfFile) {
      optimizer = []
    }
    weights = known
    // What does not fit is told of where the file is written.
    guard analysis.firstError == nil else { return }
    do throws(PassError) {
      weights = try ModelWeights(
        initializing: model, analysis, seed: document.seed, keeping: known)
    } catch {
      throw FileError(path, "could not be saved: \(error.message)", remedy: error.remedy)
    }
  }
}

/// The sizes of the weights that training changes, in the order in which an optimizer has them.
private func trainedWeights(of model: Model) -> [[[Int]]] {
  let analysis = Analysis(of: model)
  return model.layers.map { id, layer in
    guard layer.trainable else { return [] }
    return (analysis.weights[id] ?? []).filter(\.isTrainable).map(\.shape)
  }.filter { !$0.isEmpty }
}
