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

  /// Checks what a pass would take.
  ///
  /// - Throws: `PassError` where that is more than the limit.
  func check(_ plan: PassPlan, _ options: PassOptions) throws(PassError) {
    var total: Count = 0
    var largest: Count = 0
    for report in plan.analysis.reports.values {
      let outputs = (report.outputs ?? []).reduce(Count(0)) {
        $0 + Count.product($1.axes.map { $0.size ?? 1 })
      }
      total += outputs
      largest = max(largest, outputs)
      if let bytes = options.recordingBytes, report.layer.isRecurrent { total += Count(bytes / 4) }
    }
    let numbers = options.keepsEverything ? total : min(total, largest * 3)
    let needed = numbers * 4
    guard needed > Count(bytes) else { return }
    throw PassError(
      "the pass would take \(needed.grouped) bytes, allowed are \(Count(bytes).grouped)",
      remedy: "use fewer samples or timesteps")
  }
}

extension NamedLayer {
  /// Whether the layer walks over timesteps, itself or the one it wraps.
  package var isRecurrent: Bool {
    layer is any RecurrentLayer || (layer as? any WrapperLayer)?.inner.isRecurrent == true
  }
}
