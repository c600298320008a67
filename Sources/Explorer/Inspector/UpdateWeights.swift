import Neural
import Screen

/// The keys of the weights in the inspector.
///
/// - Returns: whether the key is one of them.
func updateWeights(_ state: inout State, _ key: Key) -> Bool {
  let count = state.selectedWeights.count
  let target: Int
  switch key {
  case .up, .character("k"): target = state.chosenWeight - 1
  case .down, .character("j"): target = state.chosenWeight + 1
  case .home, .character("g"): target = 0
  case .end, .character("G"): target = count - 1
  case .pageUp: target = state.chosenWeight - weightsOnPage(state)
  case .pageDown: target = state.chosenWeight + weightsOnPage(state)
  case .enter:
    openMap(&state)
    return true
  default: return false
  }
  state.weights.selection = min(max(target, 0), max(count - 1, 0))
  showChosenWeight(&state)
  return true
}

/// The lines of the inspector's weights, and the place of the first among all lines.
private func lines(_ state: State) -> (weights: WeightLines, start: Int, all: Int, height: Int) {
  let rect = state.stackFrame.inspectorOrBody.inset()
  let all = inspectorLines(state, width: rect.width - 2).count
  let weights = weightLines(state, width: rect.width - 2)
  return (weights, all - weights.lines.count, all, rect.height)
}

private func weightsOnPage(_ state: State) -> Int {
  let lines = lines(state)
  let longest = lines.weights.places.map(\.count).max() ?? 1
  return max(lines.height / max(longest, 1) - 1, 1)
}

/// Scrolls the inspector to the weights, as far as there are lines.
func showWeights(_ state: inout State) {
  let (_, start, all, height) = lines(state)
  // The blank line above the title is not needed.
  state.inspectorOffset = min(start + 1, max(all - height, 0))
  showChosenWeight(&state)
}

/// Scrolls the inspector no more than it takes to show the chosen weight.
func showChosenWeight(_ state: inout State) {
  let (weights, start, all, height) = lines(state)
  guard weights.places.indices.contains(state.chosenWeight) else { return }
  var place = weights.places[state.chosenWeight]
  // With the first weight the title above it is seen.
  if state.chosenWeight == 0 { place = min(1, place.lowerBound)..<place.upperBound }
  let last = max(all - height, 0)
  let offset = min(state.inspectorOffset, start + place.lowerBound)
  state.inspectorOffset = min(max(offset, start + place.upperBound - height, 0), last)
}

/// The weight that a line of the inspector is about.
func weight(onLine line: Int, _ state: State, width: Int) -> Int? {
  let weights = weightLines(state, width: width)
  let start = inspectorLines(state, width: width).count - weights.lines.count
  return weights.places.firstIndex { $0.contains(line - start) }
}
