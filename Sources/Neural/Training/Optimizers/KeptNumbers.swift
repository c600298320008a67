/// What an optimizer keeps for one weight: its slots, one behind the other.
struct KeptNumbers: Sendable {
  /// The numbers of all slots.
  private(set) var numbers: [Float] = []
  private let slots: [Slot]
  /// Where each slot begins.
  private var starts: [Int] = []
  private let sizes: [Int]

  /// First values for a weight of these sizes.
  init(_ slots: [Slot], sizes: [Int]) {
    self.slots = slots
    self.sizes = sizes
    for slot in slots {
      starts.append(numbers.count)
      var first: Float = 0
      if case .number(let number) = slot.start { first = number }
      let count = slot.sizes(for: sizes).reduce(1, *)
      numbers.append(contentsOf: repeatElement(first, count: count))
    }
  }

  /// Fills the slots that start from the weight; before the first step.
  mutating func start(from weight: Tensor) {
    for (slot, start) in zip(slots, starts) {
      guard case .weight = slot.start else { continue }
      numbers.replaceSubrange(start..<(start + weight.count), with: weight.values)
    }
  }

  /// The numbers of each slot under its name.
  var tensors: [(name: String, tensor: Tensor)] {
    zip(slots, starts).map { slot, start in
      let sizes = slot.sizes(for: sizes)
      return (slot.name, Tensor(sizes, Array(numbers[start..<(start + sizes.reduce(1, *))])))
    }
  }

  /// Replaces the numbers of a slot; as many as it has.
  mutating func set(_ slot: Int, to tensor: Tensor) {
    let start = starts[slot]
    numbers.replaceSubrange(start..<(start + tensor.count), with: tensor.values)
  }

  /// How many numbers a thread moves at a time.
  private static var run: Int { 1 << 16 }

  /// Moves the weight by its gradient.
  mutating func move(_ weight: inout Tensor, _ gradient: Tensor, by rule: any UpdateRule) {
    let (starts, sizes) = (starts, sizes)
    weight.values.withUnsafeMutableBufferPointer { weights in
      gradient.values.withUnsafeBufferPointer { gradients in
        numbers.withUnsafeMutableBufferPointer { kept in
          guard let weight = weights.baseAddress, let gradient = gradients.baseAddress else {
            return
          }
          let slots = kept.baseAddress.map { base in starts.map { base + $0 } } ?? []
          let whole = WeightPart(
            weights: weight, gradients: gradient, slots: slots, count: weights.count, sizes: sizes)
          guard !rule.needsWholeWeights, whole.count > 2 * Self.run else {
            return rule.move(whole)
          }
          let count = whole.count
          concurrently((count + Self.run - 1) / Self.run) { index in
            let start = index * Self.run
            rule.move(whole.part(start..<min(start + Self.run, count)))
          }
        }
      }
    }
  }
}
