import Testing

@testable import Neural

/// What every layer of the catalog owes when it is run: the sizes that it predicts, or an error.
@Suite struct LayerForwardContractTests {
  private static let classNames = LayerCatalog.types.map { $0.className }

  @Test(arguments: classNames)
  func computedSizesAreThePredictedOnes(className: String) throws {
    let type = try #require(LayerCatalog.type(named: className))
    var runs = 0
    for layer in variants(of: type) {
      for sizes in [
        [2], [2, 3], [2, 3, 4], [1, 4, 2, 3], [2, 2, 3, 2, 2], [1, 1, 1], [3, 0, 2],
      ] {
        let other = Array(sizes.dropLast())
        for inputs in [[sizes], [sizes, sizes], [sizes, other]] {
          runs += check(layer, inputs)
        }
      }
    }
    // A cell takes a timestep and each of its states.
    for layer in variants(of: type) where layer is any CellLayer {
      for states in [[[2, 2]], [[2, 2], [2, 2]], [[2, 32], [2, 32]]] {
        runs += check(layer, [[2, 3]] + states)
      }
    }
    #expect(runs > 0 || className == "InputLayer" || className == "Lambda")
  }

  /// The layer by default, and with each setting at several values, at extremes too.
  private func variants(of type: any Layer.Type) -> [any Layer] {
    var result: [any Layer] = [type.init()]
    for info in type.settingInfos {
      for value: ConfigValue in [
        0, 1, 2, -1, 0.3, 1e300, .double(.nan), .int(largestSize), .int(-largestSize), true, false,
        [0], [1], [2, 1], [1, 2], [-1, -1], [3, 3], [1, 1, 1], [nil, 1, nil],
        [.int(largestSize), .int(largestSize)], [1, .int(largestSize)], "same", "causal",
        "channels_first", "softmax", "glu", "threshold", "bicubic", "lanczos5", nil,
        ["class_name": "LeakyReLU", "config": [:]], ["class_name": "Mine", "config": [:]],
        ["rmin": "x"],
      ] {
        var layer: any Layer = type.init()
        guard (try? layer.set(info.key, to: value)) != nil else { continue }
        result.append(layer)
        // Numbers of filters and the like stay small, so that all else is tried.
        for (key, small) in [("padding", "same"), ("data_format", "channels_first")] {
          var more = layer
          if (try? more.set(key, to: .string(small))) != nil { result.append(more) }
        }
      }
    }
    return result
  }

  /// Runs the layer with several masks, in training and not; gives how often that worked.
  private func check(_ layer: any Layer, _ inputSizes: [[Int]]) -> Int {
    let shapes = inputSizes.map { Shape(sizes: $0) }
    guard layer.inputCount.contains(inputSizes.count),
      let outputs = try? layer.outputShapes(for: shapes),
      let specs = try? layer.weights(for: shapes)
    else { return 0 }
    let predicted = outputs.map { $0.sizes.map { $0 ?? 1 } }
    let all = (predicted + specs.map(\.shape)).map { Count.product($0) }
    guard all.allSatisfy({ $0 < 100_000 }) else { return 0 }
    let numbers: [Float] = [0, 1, 0.5, -2, .nan, .infinity, 3, -1e30]
    let tensors = inputSizes.map { sizes in
      Tensor(sizes, (0..<sizes.reduce(1, *)).map { numbers[$0 % (sizes.count > 2 ? 8 : 2)] })
    }
    let weights = LayerWeights(specs.map { Tensor($0.shape, repeating: 0.5) })
    var runs = 0
    for mask in [nil, [2], [2, 3], Array(inputSizes[0].dropLast()), inputSizes[0], []] {
      for isTraining in [false, true] {
        var context = PassContext()
        context.isTraining = isTraining
        context.masks = [mask.map { Tensor($0, repeating: 1) }, nil]
        guard let pass = try? layer.forward(tensors, weights: weights, in: context) else {
          continue
        }
        runs += 1
        #expect(
          pass.outputs.map(\.sizes) == predicted,
          "\(layer.className) \(layer) on \(inputSizes), mask \(mask ?? [])")
        for (index, update) in pass.weightUpdates {
          #expect(update.sizes == specs[index].shape, "\(layer.className)")
        }
      }
    }
    return runs
  }
}
