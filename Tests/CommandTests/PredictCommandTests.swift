import Foundation
import Testing

@Suite struct PredictCommandTests {
  private let scratch: Scratch
  /// Adds up the features of each timestep.
  private let sums: String
  private let recurrent: String

  init() throws {
    scratch = try Scratch()
    let head = "from keras import Input, Model, Sequential\nfrom keras.layers import *\n"
    sums = try scratch.file(
      "sums.py",
      head + "m = Sequential([Input((None, 2)), "
        + "Dense(1, use_bias=False, kernel_initializer='ones')])\n")
    recurrent = try scratch.file(
      "recurrent.py",
      head + "m = Sequential([Input((6, 3)), Bidirectional(LSTM(4, return_sequences=True))])\n")
  }

  private func functional(_ text: String, _ name: String = "functional.py") throws -> String {
    try scratch.file(
      name,
      "from keras import Input, Model\nfrom keras.layers import *\n" + text)
  }

  @Test func anArrayComesOutAsNumPyReadsIt() throws {
    let x = try scratch.npy("x.npy", [2, 3, 2], (0..<12).map(Float.init))
    let y = scratch.path + "/y.npy"
    let command = try Command("predict", sums, "--input", x, "--output", y)
    #expect(command.status == 0, "\(command.errors)")
    #expect(command.output.isEmpty)
    #expect(command.errors == "unroll: no weights in sums.py: initialised with seed 0\n")
    let read = try NumPyFile.read(y)
    #expect(read.shape == "(2, 3, 1)")
    #expect(read.values == [1, 5, 9, 13, 17, 21])
  }

  @Test func withoutAFileTheNumbersArePrintedWhole() throws {
    let x = try scratch.npy("x.npy", [2, 2, 2], [1, 2, 3, 4, 0.5, -1, 0, 1e-7])
    let command = try Command("predict", sums, "--input", x)
    #expect(command.output == "[[[  3.0]\n  [  7.0]]\n\n [[ -0.5]\n  [1e-07]]]\n")
    let many = try scratch.npy("many.npy", [1, 2000, 2])
    let all = try Command("predict", sums, "--input", many)
    #expect(all.output.split(separator: "\n").count == 2000)
    #expect(!all.output.contains("..."))
  }

  @Test func aTableIsASequence() throws {
    let table = try scratch.file("x.csv", "a,b\n1,2\n3,4\n")
    #expect(try Command("predict", sums, "--input", table).output == "[[[3.0]\n  [7.0]]]\n")
    let ragged = try scratch.file("ragged.csv", "1,2\n3\n")
    let command = try Command("predict", sums, "--input", ragged)
    #expect(command.status == 2)
    #expect(command.errors.hasPrefix("unroll: \(ragged):2:1: "), "\(command.errors)")
  }

  @Test func batchesGiveWhatAllAtOnceGives() throws {
    let x = try scratch.npy("x.npy", [70, 6, 3])
    let outputs = try [[], ["--batch", "7"], ["--batch", "70"]].enumerated().map { index, more in
      let y = scratch.path + "/y\(index).npy"
      let arguments = ["predict", recurrent, "--input", x, "--output", y] + more
      let command = try Command(arguments: arguments)
      #expect(command.status == 0, "\(command.errors)")
      return try NumPyFile.read(y)
    }
    #expect(outputs.allSatisfy { $0.shape == "(70, 6, 8)" })
    for other in outputs.dropFirst() {
      #expect(zip(outputs[0].values, other.values).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test func theSeedDecidesTheWeights() throws {
    let x = try scratch.npy("x.npy", [1, 6, 3])
    let first = try Command("predict", recurrent, "--input", x)
    #expect(try Command("predict", recurrent, "--input", x, "--seed", "0").output == first.output)
    let other = try Command("predict", recurrent, "--input", x, "--seed", "1")
    #expect(other.output != first.output)
    #expect(other.errors.contains("seed 1"))
  }

  @Test func severalInputsAndOutputsGoByOrderAndName() throws {
    let model = try functional(
      "a = Input((2,), name='a')\nb = Input((2,), name='b')\n"
        + "m = Model([a, b], [Add(name='sum')([a, b]), Subtract(name='gap')([a, b])])\n")
    let (a, b) = (
      try scratch.npy("a.npy", [1, 2], [5, 6]), try scratch.npy("b.npy", [1, 2], [1, 2])
    )
    let shown = try Command("predict", model, "--input", a, b)
    #expect(
      shown.output == "sum (1, 2)\n[[6.0 8.0]]\n\ngap (1, 2)\n[[4.0 4.0]]\n", "\(shown.errors)")
    #expect(try Command("predict", model, "--input", "b=" + b, "a=" + a).output == shown.output)
    let (sum, gap) = (scratch.path + "/sum.npy", scratch.path + "/gap.npy")
    _ = try Command("predict", model, "--input", a, b, "--output", sum, gap)
    #expect(try NumPyFile.read(sum).values == [6, 8])
    #expect(try NumPyFile.read(gap).values == [4, 4])
    let archive = scratch.path + "/all.npz"
    #expect(try Command("predict", model, "--input", a, b, "--output", archive).status == 0)
    // Its arrays come back by the inputs' names where they have them, else in order.
    let again = try Command("predict", model, "--input", archive)
    #expect(again.output.contains("sum (1, 2)\n[[10.0 12.0]]"), "\(again.errors)")
    let one = try Command("predict", model, "--input", a, b, "--output", sum)
    #expect(one.status == 2 && one.errors.contains("2 outputs (sum, gap)"), "\(one.errors)")
  }

  @Test func aStatefulModelGoesOnFromBatchToBatch() throws {
    func script(_ batch: Int, _ name: String) throws -> String {
      try functional(
        "i = Input(batch_shape=(\(batch), 2, 3))\nm = Model(i, LSTM(4, stateful=True)(i))\n", name)
    }
    let model = try script(1, "stateful.py")
    let plain = try functional("i = Input((4, 3))\nm = Model(i, LSTM(4)(i))\n", "plain.py")
    let values = (0..<12).map { sinf(Float($0)) }
    let x = try scratch.npy("x.npy", [2, 2, 3], values)
    let y = scratch.path + "/y.npy"
    #expect(try Command("predict", model, "--input", x, "--output", y).status == 0)
    let parts = try NumPyFile.read(y)
    let long = try scratch.npy("long.npy", [1, 4, 3], values)
    _ = try Command("predict", plain, "--input", long, "--output", y)
    let last = try NumPyFile.read(y)
    #expect(zip(parts.values.suffix(4), last.values).allSatisfy { abs($0 - $1) < 1e-6 })
    let odd = try script(2, "odd.py")
    let three = try scratch.npy("three.npy", [3, 2, 3])
    let refused = try Command("predict", odd, "--input", three)
    #expect(refused.status == 2 && refused.errors.contains("not a multiple"), "\(refused.errors)")
  }

  @Test func notANumberIsNamedAndTheRunGoesOn() throws {
    let x = try scratch.npy("x.npy", [1, 2, 2], [1, 2, .nan, 4])
    let command = try Command("predict", sums, "--input", x)
    #expect(command.status == 0)
    #expect(command.output == "[[[3.0]\n  [nan]]]\n")
    #expect(command.errors.contains("x.npy: not a number (nan) at sample 0, timestep 1, feature 0"))
  }

  @Test func whatDoesNotFitIsOneLineThatNamesTheFile() throws {
    for (sizes, word) in [
      ([3, 2], "batch"), ([1, 3, 5], "5 features"), ([1, 0, 2], "no timesteps"), ([], "axis"),
      ([0, 3, 2], "no samples"), ([1, 3, 2, 4], "axes"),
    ] {
      let x = try scratch.npy("x.npy", sizes)
      let command = try Command("predict", sums, "--input", x)
      #expect(command.status == 2, "\(sizes)")
      #expect(command.output.isEmpty)
      #expect(command.errors.hasPrefix("unroll: \(x): "), "\(command.errors)")
      #expect(command.errors.contains(word), "\(sizes): \(command.errors)")
      #expect(command.errors.split(separator: "\n").count == 1, "\(command.errors)")
    }
    let one = try scratch.npy("one.npy", [1, 1, 2], [1, 2])
    #expect(try Command("predict", sums, "--input", one).output == "[[[3.0]]]\n")
  }

  @Test func filesThatCannotBeReadAreOneLine() throws {
    _ = try scratch.file("text.npy", "hello")
    _ = try scratch.file("x.txt", "1")
    for name in ["missing.npy", "text.npy", "x.txt", ""] {
      let command = try Command("predict", sums, "--input", scratch.path + "/" + name)
      #expect(command.status == 2, "\(name)")
      #expect(command.errors.split(separator: "\n").count == 1, "\(command.errors)")
    }
    let x = try scratch.npy("x.npy", [1, 1, 2])
    let nowhere = try Command(
      "predict", sums, "--input", x, "--output", scratch.path + "/none/y.npy")
    #expect(nowhere.status == 2 && nowhere.errors.contains("could not be saved"))
    let suffix = try Command("predict", sums, "--input", x, "--output", scratch.path + "/y.txt")
    #expect(suffix.status == 2 && suffix.errors.contains(".npy or .npz"))
  }

  @Test func withoutInputItSaysWhatIsNeeded() throws {
    let command = try Command("predict", sums)
    #expect(command.status == 2)
    #expect(command.errors.contains("(None, None, 2)") && command.errors.contains("--input"))
    let free = try Command("predict", sums, "--input", "sine")
    #expect(free.status == 2 && free.errors.contains("--timesteps 12"), "\(free.errors)")
    let made = try Command("predict", sums, "--input", "sine", "--timesteps", "12")
    #expect(made.status == 0 && made.output.split(separator: "\n").count == 12)
    #expect(try Command("predict").status == 64)
  }

  @Test func moreMemoryThanAllowedIsRefusedWithItsBytes() throws {
    let x = try scratch.npy("x.npy", [1, 1000, 2])
    let command = try Command("predict", sums, "--input", x, "--memory", "10K")
    #expect(command.status == 2)
    #expect(command.errors.contains("bytes") || command.errors.contains("MB"), "\(command.errors)")
    let wide = try scratch.file(
      "wide.py",
      "from keras import Input, Sequential\nfrom keras.layers import *\n"
        + "m = Sequential([Input((2,)), Dense(10**12)])\n")
    let huge = try Command("predict", wide, "--input", "sine")
    #expect(huge.status == 2 && huge.errors.contains("bytes"), "\(huge.errors)")
  }
}
