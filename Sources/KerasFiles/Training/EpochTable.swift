import Neural
import OrderedCollections

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The table that `CSVLogger` writes: a line an epoch, columns in alphabetical order.
///
/// Lines end in CR LF. Without validation Keras writes columns for it all the same, `NA` in each.
/// Source: `keras/src/callbacks/csv_logger.py`.
public struct EpochTable: Sendable {
  /// The file.
  public let path: String
  private let separator: String
  private var columns: [String] = []
  private var text: [UInt8] = []
  private var hasHeader = false

  /// A table at a path; it is written with its first line.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - separator: what stands between columns.
  ///   - appends: whether what stands in the file stays.
  /// - Throws: `FileError` where a file that is to be kept cannot be read.
  public init(path: String, separator: String = ",", appends: Bool = false) throws(FileError) {
    self.path = path
    self.separator = separator
    guard appends else { return }
    do throws(FileError) {
      text = try FileContents.read(path).bytes
      hasHeader = !text.isEmpty
    } catch {
      // A file that is not there yet is begun.
      if access(path, F_OK) == 0 { throw error }
    }
  }

  /// Adds a line and saves the table, all or nothing.
  ///
  /// - Parameters:
  ///   - epoch: counted from 0.
  ///   - results: what was measured.
  /// - Throws: `FileError` where it cannot be saved.
  public mutating func add(
    epoch: Int, _ results: OrderedDictionary<String, Double>
  ) throws(FileError) {
    if columns.isEmpty {
      columns = results.keys.sorted()
      if !columns.contains(where: { $0.hasPrefix("val_") }) {
        columns += columns.map { "val_" + $0 }
      }
      if !hasHeader { append(["epoch"] + columns) }
      hasHeader = true
    }
    append(["\(epoch)"] + columns.map { results[$0]?.pythonDescription ?? "NA" })
    _ = try AtomicFile().write(text, to: path, expecting: .anything)
  }

  private mutating func append(_ cells: [String]) {
    let quoted = cells.map { cell in
      cell.contains(separator) || cell.contains("\"") || cell.contains("\n") || cell.contains("\r")
        ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
    }
    text += Array((quoted.joined(separator: separator) + "\r\n").utf8)
  }
}
