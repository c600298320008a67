extension SummaryOptions {
  /// The rows between the two patterns of `layerRange`, both included.
  ///
  /// - Throws: `SummaryError` where a pattern is no regular expression or matches no layer.
  func listed(_ rows: [SummaryRows.Row]) throws(SummaryError) -> [SummaryRows.Row] {
    guard let layerRange else { return rows }
    let first = try rows.indices(matching: layerRange.first)
    let last = try rows.indices(matching: layerRange.last)
    guard let lowestFirst = first.first, let highestFirst = first.last,
      let lowestLast = last.first, let highestLast = last.last
    else {
      let pattern = first.isEmpty ? layerRange.first : layerRange.last
      throw SummaryError("no layer's name matches '\(pattern)'")
    }
    // Keras takes the two patterns in either order.
    return lowestFirst > highestLast
      ? Array(rows[lowestLast...highestFirst]) : Array(rows[lowestFirst...highestLast])
  }
}

extension [SummaryRows.Row] {
  fileprivate func indices(matching pattern: String) throws(SummaryError) -> [Int] {
    // A long pattern is no name of a layer, and matching may take exponential time.
    guard pattern.utf8.count <= 1000 else {
      throw SummaryError("a pattern for --layer-range is longer than 1000 bytes")
    }
    do {
      let regex = try Regex(pattern).matchingSemantics(.unicodeScalar)
      return try indices.filter { try regex.prefixMatch(in: self[$0].name) != nil }
    } catch {
      throw SummaryError("'\(pattern)' is not a regular expression")
    }
  }
}
