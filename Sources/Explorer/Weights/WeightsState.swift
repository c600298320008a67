import Neural
import Screen

/// What is known of weights: summaries of those that were looked at, and the map that is open.
struct WeightsState: Sendable {
  /// Which weight of the selected layer is chosen in the inspector.
  var selection = 0
  /// The weight that is shown as a map; `nil`: none is.
  var map: HeatMap?
  private var known: [WeightKey.Place: Known] = [:]
  private var pending: (number: Int, key: WeightKey)?
  private(set) var lastNumber = 0

  /// What is known of the weights of a layer.
  struct Known: Sendable {
    /// The numbers that it is known of; those shown may be older until new ones are there.
    var key: WeightKey
    /// A summary of each weight; `nil` while it is being read.
    var summaries: [Histogram?]
    /// Whether all of them are of these numbers.
    var isComplete = false
    /// Why they cannot be read.
    var problem: String?
  }

  /// Nothing is known, and answers to earlier requests are not looked at.
  var forAnotherModel: WeightsState {
    var next = WeightsState()
    next.lastNumber = lastNumber + 1
    return next
  }

  /// What is known of the weights of a layer; `nil`: nothing, or of other sizes.
  func known(_ key: WeightKey) -> Known? {
    known[key.place].flatMap { $0.key.sizes == key.sizes ? $0 : nil }
  }

  /// The number of a new request.
  mutating func nextNumber() -> Int {
    lastNumber += 1
    return lastNumber
  }

  /// Whether the weights are to be summed up: they are not known, and nobody is at it.
  func needs(_ key: WeightKey) -> Bool {
    if let known = known(key), known.key == key, known.isComplete || known.problem != nil {
      return false
    }
    return pending?.key != key
  }

  /// Notes that the weights are being summed up; what was known of them is shown meanwhile.
  mutating func begin(_ key: WeightKey) -> Int {
    let number = nextNumber()
    pending = (number, key)
    let old = known(key)?.summaries ?? key.sizes.map { _ in nil }
    known[key.place] = Known(key: key, summaries: old)
    return number
  }

  /// Takes a summary, where it is of the newest request.
  mutating func take(_ summary: Histogram, _ index: Int, number: Int) {
    guard let pending, pending.number == number else { return }
    guard known[pending.key.place]?.summaries.indices.contains(index) == true else { return }
    known[pending.key.place]?.summaries[index] = summary
  }

  /// Notes that all weights of the newest request are summed up, or why they are not.
  mutating func finish(number: Int, _ problem: WeightFault?) {
    guard let pending, pending.number == number else { return }
    self.pending = nil
    known[pending.key.place]?.isComplete = problem == nil
    known[pending.key.place]?.problem = problem?.description
  }
}

extension State {
  /// The weights of the selected layer, in the order of their numbers.
  var selectedWeights: [WeightSpec] {
    selectedLayer.flatMap { document.analysis.weights[$0.id] } ?? []
  }

  /// The weight that is chosen in the inspector.
  var chosenWeight: Int { min(weights.selection, max(selectedWeights.count - 1, 0)) }

  /// Whether the weights of the selected layer are on the screen, or one key away.
  fileprivate var showsWeights: Bool {
    guard screen == .stack else { return false }
    if weights.map != nil { return true }
    switch focus {
    case .inspector, .weights: return true
    default: return !stackFrame.inspector.isEmpty
    }
  }

  /// Whether the map stands over the Stack.
  var showsMap: Bool { screen == .stack && weights.map != nil }
}

/// Asks for what is to be seen of weights and is not known.
func keepWeightsUpToDate(_ state: inout State) -> [Effect] {
  var effects: [Effect] = []
  closeMapOfAnother(&state)
  if state.screen == .stack, case .weights = state.focus, state.selectedWeights.isEmpty {
    state.focus = .screen
  }
  guard state.showsWeights, let layer = state.selectedLayer?.id,
    let key = state.weightKey(of: layer), let numbers = state.document.numbers(of: layer)
  else { return [] }
  if state.weights.needs(key) {
    let number = state.weights.begin(key)
    effects.append(
      .summarizeWeights(WeightSummaryRequest(number: number, key: key, numbers: numbers)))
  }
  return effects + readEffects(&state, key, numbers)
}
