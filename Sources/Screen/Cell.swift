/// One cell of a canvas, as a terminal draws it.
public struct Cell: Hashable, Sendable {
  /// The character; a blank where nothing was written.
  public let scalar: Unicode.Scalar
  /// Marks that join the character; usually none.
  public let marks: String
  /// Columns the character takes: 1 or 2, or 0 for the right half of a wide one.
  public let width: Int
  /// Its colours and attributes.
  public let style: Style

  /// The character with its marks; empty for the right half of a wide one.
  public var text: String { width == 0 ? "" : String(Character(scalar)) + marks }
}

/// A cell in eight bytes, so that a frame is one flat array.
struct PackedCell: Equatable {
  static let blank = PackedCell(symbol: 0x20, width: 1, style: .plain)
  /// Set in the symbol of a cell whose text is kept in the canvas' list of marked clusters.
  static let markedFlag: UInt32 = 0x8000_0000

  /// A Unicode scalar, or ``markedFlag`` and a place in the list.
  var symbol: UInt32
  /// 1 or 2; 0 for the right half of a wide character.
  var width: UInt8
  var style: Style

  var isMarked: Bool { symbol & PackedCell.markedFlag != 0 }
}
