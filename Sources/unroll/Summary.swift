import ArgumentParser
import KerasFiles
import Neural
import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `unroll summary FILE…`: Keras' table of a model, without Keras.
struct Summary: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the layers, shapes and parameters of models.")

  @Argument(help: "Keras models: .py scripts or .json configs.", completion: .file())
  var files: [String]

  @Option(help: "keras (Keras 3's table), classic (Keras 2's) or json.")
  var style = SummaryStyle.keras

  @Option(help: "The width of the table in columns.")
  var lineLength: Int?

  @Flag(help: "Add a column that says whether training changes a layer.")
  var showTrainable = false

  @Flag(help: "Show the layers of models that stand as layers.")
  var expandNested = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "From the first layer whose name matches A to the last that matches B.", valueName: "A B"))
  var layerRange: [String] = []

  @OptionGroup var options: ModelOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("name at least one file") }
    if !layerRange.isEmpty && layerRange.count != 2 {
      throw ValidationError("--layer-range takes two patterns, found \(layerRange.count)")
    }
    if let lineLength, !(1...10_000).contains(lineLength) {
      throw ValidationError("--line-length: expected 1 to 10000, found \(lineLength)")
    }
  }

  func run() async throws {
    var failures: [Failure] = []
    for (index, file) in files.enumerated() {
      do {
        let text = try await summary(of: file)
        if index > 0 && style != .json { print() }
        print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
      } catch let failure as Failure {
        failures.append(failure)
      }
    }
    fflush(nil)
    // Every file is tried: what one cannot be read for does not hide the others.
    for failure in failures.dropLast() { printError(failure.line) }
    if let last = failures.last { throw last }
  }

  private func summary(of file: String) async throws -> String {
    let opened = try await ModelFiles.open(file, options)
    for remark in opened.remarks { printError("unroll: " + Sanitizer.sanitized(remark)) }
    if style == .json {
      return summaryJSON(of: opened.documents.map(\.model), main: opened.current)
    }
    let range =
      layerRange.count == 2 ? SummaryOptions.LayerRange(layerRange[0], layerRange[1]) : nil
    let model = opened.documents[opened.current].model
    do throws(SummaryError) {
      let text = try summaryText(
        of: model, style: style,
        options: SummaryOptions(
          lineLength: lineLength, terminalColumns: terminalColumns, showTrainable: showTrainable,
          expandNested: expandNested, layerRange: range))
      return text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { Sanitizer.sanitized(String($0)) }.joined(separator: "\n")
    } catch {
      throw Failure("\(file): \(error.message)")
    }
  }

  /// The columns of the terminal, as Keras looks them up: `COLUMNS`, the terminal, else 80.
  private var terminalColumns: Int {
    if let text = getenv("COLUMNS"), let columns = Int(String(cString: text)), columns > 0 {
      return columns
    }
    var window = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 {
      return Int(window.ws_col)
    }
    return 80
  }
}

extension SummaryStyle: ExpressibleByArgument {}
