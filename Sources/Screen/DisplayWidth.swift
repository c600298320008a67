/// The columns a scalar takes on a terminal: 0 for marks that join the character before them,
/// 2 for East Asian wide characters and emoji, else 1.
///
/// Agrees with the C library's `wcwidth` in UTF-8, which ncurses asks, for every character both
/// know. Controls count 1 here: they are escaped before they are measured.
public func displayWidth(of scalar: Unicode.Scalar) -> Int {
  let value = scalar.value
  if value < 0x300 { return 1 }
  if (0x2000..<0x2300).contains(value), value < 0x20d0 || value > 0x20f0 {
    // Arrows, mathematics and punctuation, which screens are full of.
    return (0x200b...0x200f).contains(value) ? 0 : 1
  }
  if (0x2500..<0x2600).contains(value) { return (0x25fd...0x25fe).contains(value) ? 2 : 1 }
  if isWide(value) { return 2 }
  return joinsPrevious(scalar) ? 0 : 1
}

/// The columns a text takes as a canvas writes it: sanitised, marks on their letters.
public func displayWidth(of text: String) -> Int {
  if isPlainASCII(text) { return text.utf8.count }
  return TextClusters(Sanitizer.sanitized(text)).reduce(0) { $0 + $1.width }
}

/// The columns a character takes as a canvas writes it.
public func displayWidth(of character: Character) -> Int {
  displayWidth(of: String(character))
}

/// Whether every byte is printable ASCII, so that bytes, characters and columns are one.
func isPlainASCII(_ text: String) -> Bool {
  for byte in text.utf8 where byte < 0x20 || byte > 0x7e { return false }
  return true
}

private func joinsPrevious(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  // Medial vowels and final consonants of Korean syllables written in parts.
  case 0x1160...0x11ff, 0xd7b0...0xd7c6, 0xd7cb...0xd7fb: return true
  default: break
  }
  return switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: true
  default: false
  }
}

private func isWide(_ value: UInt32) -> Bool {
  guard value >= 0x1100 else { return false }
  var low = 0
  var high = wideRanges.count
  while low < high {
    let middle = (low + high) / 2
    if wideRanges[middle].upperBound < value {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low < wideRanges.count && wideRanges[low].contains(value)
}

/// East Asian Wide and Fullwidth of Unicode 14 (UAX #11), ranges joined over unassigned numbers.
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115f, 0x231a...0x231b, 0x2329...0x232a, 0x23e9...0x23ec, 0x23f0...0x23f0,
  0x23f3...0x23f3, 0x25fd...0x25fe, 0x2614...0x2615, 0x2648...0x2653, 0x267f...0x267f,
  0x2693...0x2693, 0x26a1...0x26a1, 0x26aa...0x26ab, 0x26bd...0x26be, 0x26c4...0x26c5,
  0x26ce...0x26ce, 0x26d4...0x26d4, 0x26ea...0x26ea, 0x26f2...0x26f3, 0x26f5...0x26f5,
  0x26fa...0x26fa, 0x26fd...0x26fd, 0x2705...0x2705, 0x270a...0x270b, 0x2728...0x2728,
  0x274c...0x274c, 0x274e...0x274e, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
  0x27b0...0x27b0, 0x27bf...0x27bf, 0x2b1b...0x2b1c, 0x2b50...0x2b50, 0x2b55...0x2b55,
  0x2e80...0x3029, 0x302e...0x303e, 0x3041...0x3096, 0x309b...0xa4c6, 0xa960...0xa97c,
  0xac00...0xd7a3, 0xf900...0xfad9, 0xfe10...0xfe19, 0xfe30...0xfe6b, 0xff01...0xff60,
  0xffe0...0xffe6, 0x16fe0...0x16fe3, 0x16ff0...0x1b2fb, 0x1f004...0x1f004, 0x1f0cf...0x1f0cf,
  0x1f18e...0x1f18e, 0x1f191...0x1f19a, 0x1f200...0x1f320, 0x1f32d...0x1f335,
  0x1f337...0x1f37c, 0x1f37e...0x1f393, 0x1f3a0...0x1f3ca, 0x1f3cf...0x1f3d3,
  0x1f3e0...0x1f3f0, 0x1f3f4...0x1f3f4, 0x1f3f8...0x1f43e, 0x1f440...0x1f440,
  0x1f442...0x1f4fc, 0x1f4ff...0x1f53d, 0x1f54b...0x1f54e, 0x1f550...0x1f567,
  0x1f57a...0x1f57a, 0x1f595...0x1f596, 0x1f5a4...0x1f5a4, 0x1f5fb...0x1f64f,
  0x1f680...0x1f6c5, 0x1f6cc...0x1f6cc, 0x1f6d0...0x1f6d2, 0x1f6d5...0x1f6df,
  0x1f6eb...0x1f6ec, 0x1f6f4...0x1f6fc, 0x1f7e0...0x1f7f0, 0x1f90c...0x1f93a,
  0x1f93c...0x1f945, 0x1f947...0x1f9ff, 0x1fa70...0x1faf6, 0x20000...0x3134a,
]
