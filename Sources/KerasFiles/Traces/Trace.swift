import Neural

/// Every timestep of the recurrent layers of a model on some samples, as named arrays.
///
/// The names, for a layer called `lstm` or `bidirectional`:
///
/// | array | shape | holds |
/// |---|---|---|
/// | `lstm/input` | (samples, timesteps, features) | what the layer read |
/// | `lstm/mask` | (samples, timesteps) | 1 where a timestep counts, 0 where it is skipped; only where there is a mask |
/// | `lstm/output` | as the layer gives it | the output, of both directions merged; `output_0` and `output_1` where they stay apart |
/// | `lstm/initial_h`, `lstm/initial_c` | (samples, units) | the states before the first step |
/// | `lstm/i` … `lstm/h` | (samples, timesteps, units) | a gate or state at each timestep |
///
/// Arrays of one direction of a bidirectional layer stand under its name:
/// `bidirectional/forward_lstm/i`. Timesteps are always in time order: the backward direction
/// reads t = T − 1 first, and what it computed there stands at index T − 1.
public struct Trace: Sendable {
  /// A recurrent layer with its passes, a pass for each batch of samples.
  public struct Layer: Sendable {
    /// The call.
    public var call: RecurrentCall
    /// What was recorded, in the order of the samples.
    public var recordings: [LayerRecording]
  }

  /// The layers in the order in which they run.
  public private(set) var layers: [Layer] = []

  /// A trace of no samples yet.
  public init() {}

  /// Adds what was recorded in a pass on further samples.
  ///
  /// - Parameters:
  ///   - pass: the pass.
  ///   - model: its model.
  ///   - wanted: the name of the only layer that is kept; `nil`: all.
  public mutating func add(_ pass: ModelPass, of model: Model, only wanted: String? = nil) {
    let calls = Dictionary(grouping: model.recurrentCalls, by: \.node)
    var found: [Layer] = []
    for node in model.nodes.keys {
      let recordings = pass.passes[node]?.recordings ?? []
      for (call, recording) in zip(calls[node] ?? [], recordings)
      where wanted == nil || call.name == wanted {
        found.append(Layer(call: call, recordings: [recording]))
      }
    }
    guard !layers.isEmpty else {
      layers = found
      return
    }
    for (index, layer) in found.enumerated() where index < layers.count {
      layers[index].recordings += layer.recordings
    }
  }

  /// An array that is made when it is asked for.
  public struct NamedArray {
    /// Its name: `lstm/i`.
    public var name: String
    /// The size of each axis.
    public var sizes: [Int]
    /// Its numbers, a tensor for each batch, one after the other.
    let parts: [() -> Tensor?]

    /// The numbers of all samples; `nil` where some were not recorded.
    public func tensor() -> Tensor? {
      var tensors: [Tensor] = []
      for part in parts {
        guard let tensor = part() else { return nil }
        tensors.append(tensor)
      }
      return tensors.isEmpty ? nil : Tensor.concatenated(tensors, axis: 0)
    }
  }

  /// All arrays, in the order of the layers.
  public var arrays: [NamedArray] { layers.flatMap(\.arrays) }

  /// Bytes that all arrays take together as 32-bit floats.
  public var bytes: Count {
    arrays.reduce(Count(0)) { $0 + Count.product($1.sizes) * 4 }
  }
}

extension Trace {
  /// Bytes that a trace takes at least, before it is made: the layers of the model itself count,
  /// those of models that stand as layers do not.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - analysis: what follows from it for the samples.
  ///   - wanted: the name of the only layer that is kept; `nil`: all.
  /// - Returns: bytes.
  public static func bytes(of model: Model, _ analysis: Analysis, only wanted: String?) -> Count {
    var numbers: Count = 0
    for call in model.recurrentCalls where wanted == nil || call.name == wanted {
      guard let input = analysis.reports[call.node]?.inputs?.first, input.rank == 3 else {
        continue
      }
      let width = call.directions.reduce(Count(input[2].size ?? 1)) {
        $0 + Count($1.units) * Count(type(of: $1).quantities.count)
      }
      numbers += Count(input[0].size ?? 1) * Count(input[1].size ?? 1) * width
    }
    return numbers * 4
  }
}

extension Trace.Layer {
  /// The directions of the layer: one, or forward and backward.
  public var directions: [DirectionRecording] { recordings.first?.directions ?? [] }
  /// How many samples there are.
  public var samples: Int { recordings.reduce(0) { $0 + $1.batch } }
  /// How many timesteps there are.
  public var timesteps: Int { recordings.first?.timesteps ?? 0 }

  /// What stands before the names of a direction's arrays.
  public func prefix(ofDirection index: Int) -> String {
    directions.count > 1 ? "\(call.name)/\(directions[index].name)/" : "\(call.name)/"
  }

  /// The arrays of the layer.
  public var arrays: [Trace.NamedArray] {
    var result = [array("input") { $0.input }]
    if recordings.contains(where: { $0.mask != nil }) {
      result.append(
        array("mask") { $0.mask ?? Tensor([$0.batch, $0.timesteps], repeating: 1) })
    }
    let outputs = recordings.first?.outputs.count ?? 0
    for index in 0..<outputs {
      result.append(array(outputs == 1 ? "output" : "output_\(index)") { $0.outputs[index] })
    }
    for (place, direction) in directions.enumerated() {
      let prefix = prefix(ofDirection: place)
      let states: [Quantity] = [.hiddenState, .cellState]
      for (index, state) in states.enumerated() where index < direction.initialStates.count {
        result.append(
          Trace.NamedArray(
            name: "\(prefix)initial_\(state.rawValue)", sizes: [samples, direction.units],
            parts: recordings.map { one in { one.directions[place].initialStates[index] } }))
      }
      for quantity in direction.quantities {
        result.append(
          Trace.NamedArray(
            name: prefix + quantity.rawValue, sizes: [samples, timesteps, direction.units],
            parts: recordings.map { one in
              {
                one.directions[place].covering(0..<one.timesteps).sequence(quantity)
              }
            }))
      }
    }
    return result
  }

  private func array(
    _ name: String, _ tensor: @escaping (LayerRecording) -> Tensor
  ) -> Trace.NamedArray {
    let sizes = recordings.first.map { [samples] + tensor($0).sizes.dropFirst() } ?? []
    return Trace.NamedArray(
      name: "\(call.name)/\(name)", sizes: sizes,
      parts: recordings.map { one in { tensor(one) } })
  }
}
