import ArgumentParser
import Explorer
import KerasFiles
import Neural
import Screen

/// `unroll summary FILE…`: Keras' table of a model, without Keras.
struct Summary: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the layers, shapes and parameters of models.")

  @Argument(
    help: "Keras models: .keras and .h5 files, .py scripts or .json configs.",
    completion: .file(extensions: ModelFile.suffixes))
  var files: [String] = []

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

  /// The two patterns of `--layer-range`; what stands behind them are files.
  private var range: [String] { Array(layerRange.prefix(2)) }
  private var allFiles: [String] { files + layerRange.dropFirst(2) }

  func validate() throws {
    if allFiles.isEmpty { throw ValidationError("name at least one file") }
    if layerRange.count == 1 {
      throw ValidationError("--layer-range takes two patterns, found 1")
    }
    if let lineLength, !(1...10_000).contains(lineLength) {
      throw ValidationError("--line-length: expected 1 to 10000, found \(lineLength)")
    }
  }

  func run() async throws {
    var failures: [Failure] = []
    var output = StandardOutput()
    for (index, file) in allFiles.enumerated() {
      do {
        let text = try await summary(of: file)
        try output.write((index > 0 && style != .json ? "\n" : "") + text)
        try output.write(text.hasSuffix("\n") ? "" : "\n")
        try output.flush()
      } catch let failure as Failure {
        failures.append(failure)
      }
    }
    // Every file is tried: what one cannot be read for does not hide the others.
    for failure in failures.dropLast() { printError(failure.line) }
    if let last = failures.last { throw last }
  }

  private func summary(of file: String) async throws -> String {
    let opened = try await ModelFiles.open(file, options)
    for remark in opened.remarks { printError("unroll: " + Sanitizer.sanitized(remark)) }
    try refuse(opened.documents[opened.current], file)
    if style == .json {
      return summaryJSON(of: opened.documents.map(\.model), main: opened.current)
    }
    let names = range.count == 2 ? SummaryOptions.LayerRange(range[0], range[1]) : nil
    let model = opened.documents[opened.current].model
    var asked = SummaryOptions(
      lineLength: lineLength, terminalColumns: StandardOutput.columns,
      showTrainable: showTrainable, expandNested: expandNested, layerRange: names)
    asked.optimizerNumbers = opened.optimizerNumbers
    do throws(SummaryError) {
      let text = try summaryText(of: model, style: style, options: asked)
      return text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { Sanitizer.sanitized(String($0)) }.joined(separator: "\n")
    } catch {
      throw Failure("\(file): \(error.message)")
    }
  }

  /// A layer that does not fit is bad input; one whose shape only its code knows is remarked.
  private func refuse(_ document: Document, _ file: String) throws {
    guard let (node, error) = document.analysis.firstError,
      let layer = document.model.layer(of: node), let input = document.model.inputs.first,
      document.analysis.shape(of: input) != nil
    else { return }
    let message = "\(file): \(layer.name): \(error)"
    guard layer.layer is Lambda || layer.layer is OpaqueLayer || layer.layer is OpaqueOperation
    else {
      throw Failure(message)
    }
    printError("unroll: " + Sanitizer.sanitized("\(message); what stands below it is not counted"))
  }
}

extension SummaryStyle: ExpressibleByArgument {}
