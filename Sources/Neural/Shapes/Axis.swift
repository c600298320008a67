/// What an axis of a tensor stands for.
///
/// Each role has one letter and, on screen, one colour; a meaning never hangs on colour alone.
public enum AxisRole: String, Hashable, Sendable, CaseIterable {
  /// Independent samples.
  case batch
  /// Timesteps, in the order in which they were given.
  case time
  /// Features of one timestep or of one sample.
  case features
  /// Rows of an image or of a plane.
  case height
  /// Columns of an image or of a plane.
  case width
  /// Channels of an image or filters of a convolution.
  case channels
  /// An axis whose meaning is not known.
  case other

  /// The letter shown for the axis: B T F H W C, and `·` where the meaning is not known.
  public var letter: Character {
    switch self {
    case .batch: "B"
    case .time: "T"
    case .features: "F"
    case .height: "H"
    case .width: "W"
    case .channels: "C"
    case .other: "·"
    }
  }
}

/// A run of neighbouring positions on an axis that came from one place.
///
/// A feature axis made by concatenation remembers its parts: `Bidirectional(LSTM(50))` leaves
/// an axis of 100 features that are 50 forward and 50 backward ones.
public struct Part: Hashable, Sendable {
  /// Where the positions came from.
  public enum Origin: Hashable, Sendable {
    /// The forward direction of a bidirectional layer.
    case forward
    /// The backward direction of a bidirectional layer.
    case backward
    /// The input with this index of a layer that concatenates.
    case input(Int)
  }

  /// How many positions the part takes; `nil` where the axis it came from is free.
  public var size: Int?
  /// Where the positions came from.
  public var origin: Origin

  /// A part of `size` positions from `origin`.
  public init(size: Int?, origin: Origin) {
    self.size = size
    self.origin = origin
  }
}

/// One axis of a shape: its role, its size, and the parts it was concatenated from.
public struct Axis: Hashable, Sendable {
  /// What the axis stands for.
  public var role: AxisRole
  /// How many positions the axis has; `nil` where it is free (`None` in Keras).
  public var size: Int?
  /// The parts the axis was concatenated from, in order; empty where it was not.
  public var parts: [Part]

  /// An axis of `size` positions (`nil`: free).
  public init(_ role: AxisRole, _ size: Int?, parts: [Part] = []) {
    self.role = role
    self.size = size
    self.parts = parts
  }

  /// The parts of this axis as they stand in a concatenation, in which it is input `index`.
  public func partsWhenJoined(asInput index: Int) -> [Part] {
    parts.isEmpty ? [Part(size: size, origin: .input(index))] : parts
  }
}
