#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension SampleInput {
  /// Makes a tensor for every input of a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - samples: the size of the batch axis; samples differ where the input allows it.
  ///   - length: the size of axes that the model leaves free, time before all; a text needs none.
  ///   - limit: how much memory each tensor may take.
  /// - Returns: a tensor for each input.
  /// - Throws: `PassError` where an axis is free and no length was given, or the data does not
  ///   fit: a text with more different characters than features.
  public func tensors(
    for model: Model, samples: Int, length: Int?, limit: MemoryLimit = .standard
  ) throws(PassError) -> [Tensor] {
    let inputs = model.inputDescriptions
    guard !inputs.isEmpty else { throw PassError("the model has no input") }
    let anyHasTime = inputs.contains(where: \.hasTime)
    var result: [Tensor] = []
    for input in inputs {
      let name = inputs.count > 1 ? "the input \(input.name)" : "the input"
      let grid = try grid(of: input, name, samples: samples, length: length, limit)
      // Beside a sequence, what has no time is no place for an impulse or a text.
      let isAside = anyHasTime && !input.hasTime
      result.append(try tensor(grid, input, name, isAside: isAside))
    }
    return result
  }

  /// What is worth saying of the data that `tensors` makes: a text that is shorter than the
  /// timesteps there are.
  public func remarks(for model: Model, length: Int?) -> [String] {
    guard case .text(let text) = self else { return [] }
    return model.inputDescriptions.compactMap { input in
      guard input.hasTime, let axis = input.walkAxis,
        let steps = input.shape?[axis].size ?? length, steps > text.count
      else { return nil }
      let behind = (input.shape?.rank ?? 0) > 2 ? "zeros" : "0"
      return "the text has \(text.count) characters, the other \(steps - text.count) timesteps "
        + "of \(input.name) are \(behind)"
    }
  }
}

/// The sizes of an input and how a walk goes over it: `outer` times `steps` times `inner` numbers.
private struct Grid {
  var sizes: [Int]
  var samples: Int
  var outer: Int
  var steps: Int
  var inner: Int
  /// What the steps are: `timesteps`.
  var noun: String
}

extension SampleInput {
  private func grid(
    of input: InputDescription, _ name: String, samples: Int, length: Int?, _ limit: MemoryLimit
  ) throws(PassError) -> Grid {
    guard let shape = input.shape else {
      throw PassError(
        "the model does not say what comes in", remedy: "give its input a shape, or use a file")
    }
    let walk = input.walkAxis
    var sizes: [Int] = []
    for (index, axis) in shape.axes.enumerated() {
      if index == 0 {
        sizes.append(samples)
      } else if let size = axis.size {
        sizes.append(size)
      } else if index == walk, case .text(let text) = self, length == nil {
        sizes.append(text.count)
      } else if let length {
        sizes.append(length)
      } else {
        throw PassError(
          "\(name) has \(shape) and leaves the number of \(axis.noun) free",
          remedy: "say how many \(axis.noun)")
      }
    }
    guard !sizes.contains(where: { $0 < 1 }) else {
      throw PassError("\(name) would be empty: its shape is \(Shape(sizes: sizes))")
    }
    let bytes = Count.product(sizes) * 4
    guard bytes <= Count(limit.bytes) else {
      throw PassError(
        "\(name) would take \(bytes.grouped) bytes, allowed are "
          + Count(limit.bytes).grouped,
        remedy: "use fewer samples or timesteps")
    }
    guard let walk else {
      return Grid(
        sizes: sizes, samples: samples, outer: sizes.reduce(1, *), steps: 1, inner: 1,
        noun: "values")
    }
    return Grid(
      sizes: sizes, samples: samples, outer: sizes[..<walk].reduce(1, *), steps: sizes[walk],
      inner: sizes[(walk + 1)...].reduce(1, *), noun: shape[walk].noun)
  }

  private func tensor(
    _ grid: Grid, _ input: InputDescription, _ name: String, isAside: Bool
  ) throws(PassError) -> Tensor {
    let low = Float(input.indices?.lowerBound ?? 0)
    /// From 0…1 to the numbers that the input takes.
    func scaled(_ part: Float) -> Float {
      guard let range = input.indices else { return part }
      return low + (part * Float(range.count - 1)).rounded()
    }
    switch self {
    case .sine:
      return filled(grid) { sample, t, feature in
        let wave = SampleInput.sine(t, sample: sample, feature: feature, grid)
        return input.indices == nil ? wave : scaled((wave + 1) / 2)
      }
    case .ramp:
      let last = Float(max(grid.steps - 1, 1))
      return filled(grid) { _, t, _ in scaled(Float(t) / last) }
    case .impulse(let at):
      if !isAside, at < 0 || at >= grid.steps {
        throw PassError(
          "an impulse at \(at) is outside \(name), which has \(grid.steps.grouped) \(grid.noun)",
          remedy: "0 to \(grid.steps - 1) fit")
      }
      let high = input.indices.map { Float(min($0.lowerBound + 1, $0.upperBound - 1)) } ?? 1
      return filled(grid) { _, t, _ in !isAside && t == at ? high : low }
    case .random(let seed):
      var random = RandomNumbers(seed: RandomNumbers.seed(seed, input.name))
      return filled(grid) { _, _, _ in
        guard let range = input.indices else { return Float(random.uniform(-1, 1)) }
        return Float(Int.random(in: range, using: &random))
      }
    case .text(let text):
      if isAside { return Tensor(grid.sizes, repeating: low) }
      return try tensor(grid, of: text, input, name)
    }
  }

  /// A wave of 8 timesteps, or of half the sequence where that is longer; features and samples
  /// are shifted against each other.
  private static func sine(_ t: Int, sample: Int, feature: Int, _ grid: Grid) -> Float {
    let period = Double(max(8, grid.steps / 2))
    let phase = Double(feature) / Double(grid.inner) + 0.618 * Double(sample)
    return Float(sin(2 * Double.pi * (Double(t) / period + phase)))
  }

  private func tensor(
    _ grid: Grid, of text: String, _ input: InputDescription, _ name: String
  ) throws(PassError) -> Tensor {
    guard !text.isEmpty else { throw PassError("the text is empty", remedy: "type a character") }
    guard input.hasTime || grid.sizes.count > 2 else {
      throw PassError("\(name) has no time axis, which a text needs", remedy: "use sine or random")
    }
    guard text.count <= grid.steps else {
      throw PassError(
        "the text has \(text.count) characters, \(name) takes \(grid.steps.grouped) \(grid.noun)",
        remedy: "shorten the text")
    }
    var places: [Character: Int] = [:]
    for character in text where places[character] == nil { places[character] = places.count }
    let room = input.indices?.count ?? grid.inner
    guard places.count <= room else {
      let noun = input.indices == nil ? "features" : "numbers for them"
      throw PassError(
        "the text has \(places.count) different characters, \(name) has \(room.grouped) \(noun)",
        remedy: "use at most \(room.grouped) different ones")
    }
    let order = text.map { places[$0] ?? 0 }
    guard let range = input.indices else {
      return filled(grid) { _, t, feature in t < order.count && order[t] == feature ? 1 : 0 }
    }
    return filled(grid) { _, t, _ in t < order.count ? Float(range.lowerBound + order[t]) : 0 }
  }

  private func filled(_ grid: Grid, _ value: (Int, Int, Int) -> Float) -> Tensor {
    Tensor(grid.sizes) { out in
      let outerEach = max(grid.outer / grid.samples, 1)
      var place = 0
      for outer in 0..<grid.outer {
        for t in 0..<grid.steps {
          for feature in 0..<grid.inner {
            out[place] = value(outer / outerEach, t, feature)
            place += 1
          }
        }
      }
    }
  }
}
