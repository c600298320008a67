#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Adam without momentum that keeps sums of rows and columns alone of each matrix.
///
/// Source: `keras/src/optimizers/adafactor.py`; N. Shazeer, M. Stern, 2018.
struct Adafactor: UpdateRule {
  private let decay: Float
  private let epsilon1: Float
  private let epsilon2: Float
  private let threshold: Float
  private var rate: Float = 0
  private var keep: Float = 0

  init(_ optimizer: Optimizer) throws(PassError) {
    decay = Float(try optimizer.number("beta_2_decay", -1e30...1e30))
    epsilon1 = Float(try optimizer.number("epsilon_1"))
    epsilon2 = Float(try optimizer.number("epsilon_2"))
    threshold = Float(try optimizer.number("clip_threshold"))
  }

  var slots: [Slot] {
    [
      Slot(name: "rows", sizes: .rows), Slot(name: "columns", sizes: .columns),
      Slot(name: "velocity"),
    ]
  }
  var needsWholeWeights: Bool { true }

  mutating func begin(step number: Int, rate: Float) {
    // Keras does so whatever `relative_step` says.
    self.rate = Swift.min(rate, 1 / Float(number).squareRoot())
    keep = 1 - pow(Float(number), decay)
  }

  func move(_ part: WeightPart) {
    let velocities = part.slots[2]
    if part.sizes.count < 2 {
      for index in 0..<part.count {
        let square = part.gradients[index] * part.gradients[index] + epsilon1
        velocities[index] = keep * velocities[index] + (1 - keep) * square
      }
    } else {
      factor(part)
    }
    func step(_ index: Int) -> Float { part.gradients[index] / velocities[index].squareRoot() }
    var squares = (weight: 0.0, step: 0.0)
    for index in 0..<part.count {
      let (weight, step) = (Double(part.weights[index]), Double(step(index)))
      squares.weight += weight * weight
      squares.step += step * step
    }
    let count = Double(Swift.max(part.count, 1))
    let size = Float((squares.weight / count).squareRoot())
    let stepSize = Float((squares.step / count).squareRoot())
    let rate = Swift.max(epsilon2, size) * rate
    let divisor = Swift.max(1, stepSize / threshold)
    for index in 0..<part.count { part.weights[index] -= rate * (step(index) / divisor) }
  }

  /// Velocities as products of what rows and columns have.
  private func factor(_ part: WeightPart) {
    let (rows, columns, velocities) = (part.slots[0], part.slots[1], part.slots[2])
    let width = part.sizes[part.sizes.count - 1]
    let height = part.sizes[part.sizes.count - 2]
    guard width > 0, height > 0 else { return }
    for matrix in 0..<(part.count / (width * height)) {
      let first = matrix * width * height
      var columnSums = Array(repeating: Float(0), count: width)
      var all: Float = 0
      for row in 0..<height {
        var sum: Float = 0
        for column in 0..<width {
          let gradient = part.gradients[first + row * width + column]
          sum += gradient * gradient + epsilon1
          columnSums[column] += gradient * gradient + epsilon1
        }
        let place = matrix * height + row
        rows[place] = keep * rows[place] + (1 - keep) * (sum / Float(width))
        all += rows[place]
      }
      for column in 0..<width {
        let place = matrix * width + column
        columns[place] =
          keep * columns[place] + (1 - keep) * (columnSums[column] / Float(height))
      }
      let mean = all / Float(height)
      for row in 0..<height {
        let share = rows[matrix * height + row] / mean
        for column in 0..<width {
          velocities[first + row * width + column] = share * columns[matrix * width + column]
        }
      }
    }
  }
}
