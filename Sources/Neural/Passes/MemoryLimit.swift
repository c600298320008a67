#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How much memory a pass may take.
public struct MemoryLimit: Hashable, Sendable {
  /// Bytes.
  public var bytes: Int

  /// A limit of this many bytes.
  public init(bytes: Int) { self.bytes = bytes }

  /// Half of the machine's memory, at most 4 GiB.
  public static let standard: MemoryLimit = {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let size = sysconf(Int32(_SC_PAGESIZE))
    let all = multiplied(max(pages, 0), max(size, 0)) ?? .max
    return MemoryLimit(bytes: min(max(all / 2, 1 << 28), 4 << 30))
  }()

  /// Checks what something would take, before it is allocated.
  ///
  /// - Throws: `PassError` where that is more than the limit.
  func check(_ needed: Count, what: String, remedy: String) throws(PassError) {
    guard needed > Count(bytes) else { return }
    throw PassError(
      "\(what) would take \(needed.grouped) bytes, allowed are \(Count(bytes).grouped)",
      remedy: remedy)
  }

  /// Checks what a pass would take.
  ///
  /// - Throws: `PassError` where that is more than the limit.
  func check(_ plan: PassPlan, _ options: PassOptions) throws(PassError) {
    try check(
      plan.numbers(options) * 4, what: "the pass", remedy: "use fewer samples or timesteps")
  }
}

extension PassPlan {
  /// Numbers that a pass holds at its fullest moment, weights not counted: the outputs that are
  /// kept, what a layer needs while it runs, the recordings, and what the way back needs.
  func numbers(_ options: PassOptions) -> Count {
    var kept: Count = 0
    var largest: Count = 0
    for node in model.nodes.values {
      guard let report = analysis.reports[node.id] else { continue }
      let outputs = Count.numbers(in: report.outputs ?? [])
      let recorded =
        report.recorded(atMost: options.recordingBytes)
        + (options.isDifferentiated ? report.recorded(atMost: .max) : 0)
      kept += outputs + recorded
      let scratch = report.scratch(options, innerPlans)
      largest = max(largest, kept + scratch)
      // What stands before an activation is kept for the way back, and all that is inside a model.
      if options.isDifferentiated {
        kept += report.layer.layer is Submodel ? scratch : outputs
      }
      // The way back keeps what went in.
      guard !options.keepsEverything, !options.isDifferentiated else { continue }
      for done in lastUses[node.id] ?? [] {
        kept = kept - Count.numbers(in: analysis.reports[done]?.outputs ?? [])
      }
    }
    guard options.isDifferentiated else { return largest }
    return max(largest, kept) + analysis.weights.values.joined().reduce(Count(0)) { $0 + $1.count }
  }
}

extension Analysis.Report {
  /// Numbers that the layer needs while it runs, beside its inputs and outputs.
  fileprivate func scratch(_ options: PassOptions, _ innerPlans: InnerPlans) -> Count {
    let inputs = self.inputs ?? []
    let plain = Count.numbers(in: inputs) + Count.numbers(in: outputs ?? [])
    if let submodel = layer.layer as? Submodel {
      let sizes = inputs.map { $0.sizes.map { $0 ?? 1 } }
      guard let plan = try? innerPlans.plan(for: submodel.model, inputSizes: sizes) else {
        return plain
      }
      var options = options
      options.keepsEverything = false
      return plain + plan.numbers(options)
    }
    if let held = layer.layer.heldNumbers(inputs, options.isDifferentiated) { return plain + held }
    if let attention = layer.layer as? any QueryValueAttention {
      return plain + attention.scoreCount(for: inputs) * (options.isDifferentiated ? 3 : 2)
    }
    guard layer.isRecurrent, let input = inputs.first, input.rank > 1 else { return plain }
    // x·W + b of every timestep, for the gates of one direction after the other.
    let rows = Count(input[0].size ?? 1) * Count(input[1].size ?? 1)
    let width = weights.map { $0.shape.last ?? 1 }.max() ?? 1
    return plain + rows * Count(width)
  }

  /// Numbers of the timesteps that are recorded.
  fileprivate func recorded(atMost bytes: Int?) -> Count {
    guard let bytes, layer.isRecurrent, let input = inputs?.first, input.rank > 1 else { return 0 }
    let rows = Count(input[0].size ?? 1) * Count(input[1].size ?? 1)
    // At most six quantities for each unit of each direction.
    let width = weights.filter { $0.name == "recurrent_kernel" }.reduce(Count(0)) {
      $0 + Count($1.shape.first ?? 1)
    }
    return min(rows * width * 6, Count(max(bytes, 0) / 4))
  }
}

extension Count {
  /// Numbers in tensors of these shapes; free axes count as 1.
  fileprivate static func numbers(in shapes: [Shape]) -> Count {
    shapes.reduce(Count(0)) { $0 + Count.product($1.axes.map { $0.size ?? 1 }) }
  }
}

extension Layer {
  /// Numbers that a convolutional LSTM holds while it runs, itself or in a wrapper.
  fileprivate func heldNumbers(_ inputs: [Shape], _ isDifferentiated: Bool) -> Count? {
    if let layer = self as? any ConvLSTMLayer {
      return layer.heldNumbers(for: inputs, isDifferentiated: isDifferentiated)
    }
    guard let wrapper = self as? any WrapperLayer else { return nil }
    guard wrapper is TimeDistributed, var step = inputs.first, step.rank > 2 else {
      return wrapper.inner.layer.heldNumbers(inputs, isDifferentiated).map { $0 * 2 }
    }
    let time = step.axes.remove(at: 1)
    return wrapper.inner.layer.heldNumbers([step], isDifferentiated).map {
      $0 * Count(time.size ?? 1)
    }
  }
}

extension NamedLayer {
  /// Whether the layer walks over timesteps, itself or the one it wraps.
  package var isRecurrent: Bool {
    layer is any RecurrentLayer || layer is any CellLayer
      || (layer as? any WrapperLayer)?.inner.isRecurrent == true
  }
}
