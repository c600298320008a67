import Foundation
import Neural
import Testing

@testable import KerasFiles

/// What Keras' own summary of an opened file says below its table (`make_file_totals.py`): a model
/// that nobody compiled counts no optimizer, a compiled one does.
@Suite struct FileTotalsTests {
  @Test func theTotalsOfAFileAreThoseOfKeras() async throws {
    let expected = try Fixtures.json("keras-file-totals.json")
    var compared = 0
    for file in try KerasFile.all() {
      guard let lines = expected[file.name]?.listValue?.compactMap(\.stringValue) else { continue }
      let model = try await file.opened().model
      // Of layers that are not known here nothing is counted.
      guard model.opaqueLayers.isEmpty else { continue }
      var options = SummaryOptions()
      options.optimizerNumbers = model.optimizerNumbers(Analysis(of: model))
      let text = try summaryText(of: model, style: .keras, options: options)
      let found = text.split(separator: "\n").filter { $0.contains(" params: ") }
        .map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(found == lines, "\(file.name)")
      compared += 1
    }
    #expect(compared >= 125)
  }
}
