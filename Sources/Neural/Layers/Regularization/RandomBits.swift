/// Random bits for many numbers at a time, 32 for each: eight generators side by side.
///
/// xoshiro128+ of D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators",
/// 2021: operations that processors do on several lanes at once. Its low bits are the weaker ones;
/// who compares with a bound looks at the high ones.
struct RandomBits {
  private var state: (SIMD8<UInt32>, SIMD8<UInt32>, SIMD8<UInt32>, SIMD8<UInt32>)

  /// How many numbers each draw is for.
  static let lanes = 8

  /// The bits that follow from other random numbers.
  init(from random: RandomNumbers) {
    var random = random
    func words() -> SIMD8<UInt32> {
      SIMD8((0..<Self.lanes).map { _ in UInt32(truncatingIfNeeded: random.next() >> 32) })
    }
    state = (words(), words(), words(), words())
    // A generator whose state is 0 would stay there.
    state.0 |= 1
  }

  /// The next 32 bits of each lane.
  @inline(__always) mutating func next() -> SIMD8<UInt32> {
    let result = state.0 &+ state.3
    let shifted = state.1 &<< 9
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = state.3 &<< 11 | state.3 &>> 21
    return result
  }
}

/// Which numbers a dropout keeps: drawn anew, and alike, each time that it is applied.
struct DrawnToKeep: Sendable {
  /// What it is drawn from.
  let random: RandomNumbers
  /// The part that is kept, from 0 to 1.
  let share: Double

  /// Each number times `scale` where it is kept, 0 elsewhere.
  func applied(to tensor: Tensor, scale: Float) -> Tensor {
    let threshold = threshold
    var bits = RandomBits(from: random)
    return Tensor(tensor.sizes) { out in
      tensor.values.withUnsafeBufferPointer { numbers in
        guard let from = numbers.baseAddress, let to = out.baseAddress else { return }
        let whole = numbers.count / RandomBits.lanes * RandomBits.lanes
        for start in stride(from: 0, to: whole, by: RandomBits.lanes) {
          let isDropped = bits.next() .>= threshold
          let group = UnsafeRawPointer(from + start).loadUnaligned(as: SIMD8<Float>.self) * scale
          let kept = group.replacing(with: 0, where: isDropped)
          UnsafeMutableRawPointer(to + start).storeBytes(of: kept, as: SIMD8<Float>.self)
        }
        let last = bits.next()
        for index in whole..<numbers.count {
          to[index] = last[index - whole] < threshold[0] ? from[index] * scale : 0
        }
      }
    }
  }

  /// 1 where a number is kept, 0 elsewhere.
  func choice(of sizes: [Int]) -> Tensor { applied(to: Tensor(sizes, repeating: 1), scale: 1) }

  /// Bits below it keep a number.
  private var threshold: SIMD8<UInt32> {
    let bound = (min(max(share, 0), 1) * 0x1p32).rounded()
    return SIMD8(repeating: UInt32(exactly: bound) ?? .max)
  }
}
