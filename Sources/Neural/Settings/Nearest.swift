/// The candidate that a person most likely meant by `text`: "did you mean".
///
/// - Parameters:
///   - text: what was written.
///   - candidates: what could have been meant.
/// - Returns: the candidate with the fewest edits (insert, delete, replace, swap neighbours),
///   where those are at most a third of its length, rounded up; `nil` where none is that near.
public func nearest(to text: String, in candidates: some Sequence<String>) -> String? {
  guard text.count <= 64 else { return nil }
  var best: (candidate: String, distance: Int)?
  for candidate in candidates where candidate.count <= 64 {
    let limit = (max(candidate.count, text.count) + 2) / 3
    guard abs(candidate.count - text.count) <= limit else { continue }
    let distance = editDistance(Array(text.lowercased()), Array(candidate.lowercased()))
    if distance <= limit, distance < best?.distance ?? .max {
      best = (candidate, distance)
    }
  }
  return best?.candidate
}

/// Edits that turn `a` into `b`, a swap of two neighbours counting as one.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for i in 1...a.count {
    var row = [i]
    for j in 1...b.count {
      var cost = min(
        previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        cost = min(cost, beforePrevious[j - 2] + 1)
      }
      row.append(cost)
    }
    (beforePrevious, previous) = (previous, row)
  }
  return previous[b.count]
}
