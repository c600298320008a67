#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Initializer {
  /// Cosines or sines of a short-time Fourier transform under a window: (window, 1, bands).
  ///
  /// Source: `STFT` in `keras/src/initializers/constant_initializers.py`; the windows are those
  /// of `scipy.signal.windows`.
  func shortTimeFourier(_ shape: [Int]) throws(PassError) -> Tensor {
    guard shape.count == 3, shape[1] == 1 else {
      throw PassError(
        "the initializer stft makes kernels of shape (window, 1, bands), "
          + "this weight is \(Shape(sizes: shape))", remedy: "choose another initializer")
    }
    let side = config["side"]?.stringValue ?? ""
    guard ["real", "imag"].contains(side) else {
      throw PassError("side of the initializer stft should be real or imag, found \(side)")
    }
    let (length, bands) = (shape[0], shape[2])
    let window = try window(length)
    let total = (bands - 1) * 2
    return Tensor(shape) { out in
      for time in 0..<length {
        for band in 0..<bands {
          let angle = -2 * Double.pi * Double(time) * Double(band) / Double(total)
          let number = side == "real" ? cos(angle) : sin(angle)
          out[time * bands + band] = Float(number * window[time])
        }
      }
    }
  }

  /// The window, scaled.
  private func window(_ length: Int) throws(PassError) -> [Double] {
    let value = config["window"] ?? .null
    if value.isNull { return Array(repeating: 1, count: length) }
    var window: [Double]
    if let name = value.stringValue {
      window = try Self.window(name, length, isPeriodic: config["periodic"]?.boolValue ?? false)
    } else {
      let list = value["config"]?["value"]?.listValue ?? value.listValue ?? []
      window = list.compactMap(\.doubleValue)
      guard window.count == length, list.count == length else {
        throw PassError(
          "window of the initializer stft should have \(length) numbers, "
            + "found \(value.shortDescription)")
      }
    }
    let scale: Double
    switch config["scaling"] ?? .null {
    case .null: scale = 1
    case "density": scale = window.reduce(0) { $0 + $1 * $1 }.squareRoot()
    case "spectrum": scale = window.reduce(0) { $0 + abs($1) }
    default:
      throw PassError("scaling of the initializer stft should be density, spectrum or None")
    }
    for index in window.indices { window[index] /= scale }
    return window
  }

  /// Windows that are sums of cosines: the weights of 1, cos x, cos 2x, …, signs alternating.
  private static let cosineSums: [String: [Double]] = [
    "boxcar": [1], "box": [1], "ones": [1], "rect": [1], "rectangular": [1],
    "hann": [0.5, 0.5], "han": [0.5, 0.5], "hamming": [0.54, 0.46], "hamm": [0.54, 0.46],
    "ham": [0.54, 0.46], "blackman": [0.42, 0.5, 0.08], "black": [0.42, 0.5, 0.08],
    "blk": [0.42, 0.5, 0.08],
    "blackmanharris": [0.35875, 0.48829, 0.14128, 0.01168],
    "blackharr": [0.35875, 0.48829, 0.14128, 0.01168],
    "bkh": [0.35875, 0.48829, 0.14128, 0.01168],
    "nuttall": [0.3635819, 0.4891775, 0.1365995, 0.0106411],
    "nutl": [0.3635819, 0.4891775, 0.1365995, 0.0106411],
    "nut": [0.3635819, 0.4891775, 0.1365995, 0.0106411],
    "flattop": [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368],
    "flat": [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368],
    "flt": [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368],
  ]

  private static func window(
    _ name: String, _ length: Int, isPeriodic: Bool
  ) throws(PassError) -> [Double] {
    // A periodic window is one longer, without its last number.
    let last = Double(isPeriodic ? length : length - 1)
    let places = (0..<length).map(Double.init)
    if length == 1 && (cosineSums[name] != nil || ["bartlett", "cosine"].contains(name)) {
      return [1]
    }
    if let weights = cosineSums[name] {
      return places.map { place in
        weights.enumerated().reduce(0) { sum, term in
          let sign: Double = term.offset.isMultiple(of: 2) ? 1 : -1
          return sum + sign * term.element * cos(2 * .pi * Double(term.offset) * place / last)
        }
      }
    }
    switch name {
    case "bartlett": return places.map { 1 - abs(2 * $0 / last - 1) }
    case "cosine": return places.map { sin(.pi / (last + 1) * ($0 + 0.5)) }
    default:
      throw PassError(
        "the window \(name) of the initializer stft is not known here",
        remedy: "known are hann, hamming, blackman, bartlett, cosine, nuttall, flattop, boxcar")
    }
  }
}
