import Neural
import Screen

/// What a weight is called: its own name behind the parts of the layer that own it, a direction as
/// an arrow in its colour.
struct WeightName: Hashable {
  /// The direction that it belongs to; `nil` where there is one only.
  var isBackward: Bool?
  /// The parts of the layer that own it, the direction left out.
  var owner: [String]
  /// Its own name.
  var name: String

  /// The name of a weight with these owners: parts of a bidirectional layer are known by theirs.
  init(_ name: String, owner: [String]) {
    self.name = name
    self.owner = owner
    if owner.first?.hasPrefix("forward_") == true { isBackward = false }
    if owner.first?.hasPrefix("backward_") == true { isBackward = true }
    if isBackward != nil { self.owner.removeFirst() }
  }

  init(isBackward: Bool?, owner: [String], name: String) {
    (self.isBackward, self.owner, self.name) = (isBackward, owner, name)
  }

  /// The direction as `→ ` or `← `; nothing where there is none.
  var arrow: StyledText {
    guard let isBackward else { return StyledText() }
    return StyledText(isBackward ? "← " : "→ ", Style(color))
  }

  /// The colour of the direction.
  var color: Color? { isBackward.map { $0 ? .backward : .forward } }

  /// Owners and name in a line.
  var text: String { (owner + [name]).joined(separator: " ") }

  /// What stands above the weights of a part: `encoder · forward →`; nothing above the layer's own.
  var heading: StyledText? {
    var parts = owner.map { StyledText($0, Style(bold: true)) }
    if let isBackward {
      parts.append(StyledText(isBackward ? "backward ←" : "forward →", Style(color, bold: true)))
    }
    guard let first = parts.first else { return nil }
    return parts.dropFirst().reduce(first) { $0 + StyledText(" · ", .muted) + $1 }
  }
}

/// A weight of a layer: its name, and the layer inside that computes with it.
struct WeightPlace {
  /// What it is called.
  let name: WeightName
  /// The layer that it belongs to: the LSTM inside a `Bidirectional`.
  let layer: any Layer

  /// Follows the owners of a weight into wrappers and nested models.
  init(_ spec: WeightSpec, in outer: NamedLayer) {
    var layer: any Layer = outer.layer
    var isBackward: Bool?
    var owner: [String] = []
    for part in spec.owner {
      switch layer {
      case let wrapper as Bidirectional where part == wrapper.backwardName:
        layer = (wrapper.backward ?? wrapper.inner).layer
        isBackward = true
      case let wrapper as Bidirectional where part == wrapper.forwardName:
        layer = wrapper.inner.layer
        isBackward = false
      case let wrapper as any WrapperLayer where part == wrapper.inner.name:
        layer = wrapper.inner.layer
        // A wrapper of one layer needs no name for it.
        continue
      case let nested as Submodel:
        layer = nested.model.layers.values.first { $0.name == part }?.layer ?? layer
        owner.append(part)
      default: owner.append(part)
      }
    }
    name = WeightName(isBackward: isBackward, owner: owner, name: spec.name)
    self.layer = layer
  }
}
