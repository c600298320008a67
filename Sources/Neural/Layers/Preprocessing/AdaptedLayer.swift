/// A layer that `adapt` gives numbers of its own before training, which files keep beside its
/// settings: as weights, or as a text.
package protocol AdaptedLayer: Layer {
  /// The layer with those numbers as its settings, for files that keep settings alone.
  var withStateAsSettings: Self { get }
}

extension Normalization: AdaptedLayer {
  /// The mean and the variance of a file.
  package struct Adapted: Hashable, Sendable {
    package var mean: Tensor
    package var variance: Tensor

    package init(mean: Tensor, variance: Tensor) {
      self.mean = mean
      self.variance = variance
    }
  }

  /// The most numbers that are kept to be written as settings.
  package static let mostStated = 256

  /// The shape that it was built for, where that still fits.
  package func adaptedShape(on inputs: [Shape]) -> Shape? {
    guard let builtFor, let input = inputs.first, builtFor.count == input.rank,
      let kept = try? keptSizes(of: input),
      kept.allSatisfy({ builtFor[$0.axis] == $0.size })
    else { return nil }
    return Shape(sizes: builtFor)
  }

  package var withStateAsSettings: Normalization {
    guard !isGiven, let adapted else { return self }
    var result = self
    result.mean = NumberArray(adapted.mean)
    result.variance = NumberArray(adapted.variance)
    result.adapted = nil
    return result
  }
}

extension IntegerLookup: AdaptedLayer {
  package var withStateAsSettings: IntegerLookup {
    guard isAdapted else { return self }
    var result = self
    result.isAdapted = false
    if let adaptedWeights, let listed = listedVocabulary?.compactMap({ $0 }),
      let count = vocabularySize, listed.count == count, count <= adaptedWeights.count
    {
      // With a weight for each place the vocabulary names the places before its own, too.
      result.vocabulary = Vocabulary(listed)
      result.idfWeights = NumberArray(
        Tensor([count], Array(adaptedWeights.values.prefix(count))))
      result.adaptedWeights = nil
    }
    return result
  }

  /// The layer without what stands in a text of its own.
  package var withoutVocabulary: IntegerLookup {
    guard isAdapted else { return self }
    var result = self
    result.vocabularySize = vocabularySize
    result.vocabulary = nil
    return result
  }
}

extension Model {
  /// The model with each of its layers changed, those inside others first.
  ///
  /// - Parameters:
  ///   - path: the names of the layers around this model.
  ///   - change: makes the new layer; it is told the names of the layers on the way.
  /// - Returns: the model.
  package func changingLayers(
    at path: [String] = [], _ change: (NamedLayer, [String]) -> NamedLayer
  ) -> Model {
    var result = self
    for (id, layer) in layers {
      result.replaceLayer(id, with: layer.changingInside(path + [layer.name], change))
    }
    return result
  }
}

extension NamedLayer {
  fileprivate func changingInside(
    _ path: [String], _ change: (NamedLayer, [String]) -> NamedLayer
  ) -> NamedLayer {
    var result = self
    if var submodel = layer as? Submodel {
      submodel.model = submodel.model.changingLayers(at: path, change)
      result.layer = submodel
    } else if var wrapper = layer as? TimeDistributed {
      wrapper.inner = wrapper.inner.changingInside(path + [wrapper.inner.name], change)
      result.layer = wrapper
    }
    return change(result, path)
  }
}
