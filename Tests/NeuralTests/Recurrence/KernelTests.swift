import Testing
import VectorKernels

@testable import Neural

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The kernel against the layers' own formulas.
@Suite struct KernelTests {
  /// What this machine can run.
  static let levels: [RecurrentLevel] = [.baseline, .AVX2, .AVX512].filter {
    $0.rawValue <= KernelChoice.bestLevel.rawValue
  }

  @Test(arguments: 0..<120)
  func everyLevelGivesTheNumbersOfTheFormulas(seed: Int) throws {
    let run = try RandomCase(seed: UInt64(seed))
    let expected = try KernelChoice.$current.withValue(.none) { try run.pass() }
    for level in Self.levels {
      let pass = try KernelChoice.$current.withValue(.level(level)) { try run.pass() }
      for (one, other) in zip(pass.outputs, expected.outputs) {
        #expect(difference(one, other) < 2e-6, "\(level): \(run)")
      }
    }
  }

  @Test(arguments: ["relu", "linear", "hard_sigmoid", "sigmoid", "tanh"])
  func everyFunctionOfTheKernelIsTheLayersOwn(name: String) throws {
    let function = try Activation(configValue: .string(name), kind: .activation)
    for seed in 200..<212 {
      var run = try RandomCase(seed: UInt64(seed), timesteps: 3)
      // Small weights: without bounds, differences would grow from step to step.
      run.weights = run.weights.map { $0.map { $0 / 4 } }
      run.layer.options.activation = function
      if var lstm = run.layer as? LSTM {
        lstm.recurrentActivation = function
        run.layer = lstm
      }
      let expected = try KernelChoice.$current.withValue(.none) { try run.pass() }
      for level in Self.levels {
        let pass = try KernelChoice.$current.withValue(.level(level)) { try run.pass() }
        #expect(difference(pass.outputs[0], expected.outputs[0]) < 1e-5, "\(level): \(run)")
      }
    }
  }

  @Test(arguments: 300..<330)
  func aSamplesNumbersDoNotDependOnTheBatch(seed: Int) throws {
    let run = try RandomCase(seed: UInt64(seed))
    for level in Self.levels {
      try KernelChoice.$current.withValue(.level(level)) {
        let all = try run.pass()
        for sample in 0..<run.input.sizes[0] {
          var alone = run
          alone.input = run.input.samples(sample..<(sample + 1))
          alone.states = run.states.map { $0.samples(sample..<(sample + 1)) }
          alone.mask = run.mask?.samples(sample..<(sample + 1))
          let pass = try alone.pass()
          #expect(pass.outputs == all.outputs.map { $0.samples(sample..<(sample + 1)) })
        }
      }
    }
  }

  @Test func manySamplesAreSharedOverThreads() throws {
    var run = try RandomCase(seed: 7)
    run.layer = LSTM(units: 37, returnSequences: true)
    run.input = counting([150, 40, 6], times: 1e-4)
    run.states = []
    run.mask = nil
    run.weights = try constantWeights(run.layer, features: 6)
    let pass = try run.pass()
    let expected = try KernelChoice.$current.withValue(.none) { try run.pass() }
    #expect(difference(pass.outputs[0], expected.outputs[0]) < 2e-6)
    #expect(try run.pass().outputs == pass.outputs)
  }

  @Test func functionsAreAccurate() {
    for level in Self.levels {
      for function in [RecurrentFunction.tanh, .sigmoid] {
        var numbers = stride(from: Float(-20), through: 20, by: 0.0037).map { $0 }
        numbers += [1e-8, -1e-8, 3e-5, -3e-5, 1e-30]
        var results = numbers
        recurrent_apply(level, function, &results, results.count)
        for (x, y) in zip(numbers, results) {
          let exact = function == .tanh ? tanh(Double(x)) : 1 / (1 + exp(-Double(x)))
          let unit = Double(Float(exact).ulp)
          #expect(abs(Double(y) - exact) <= 3 * unit, "\(level) \(function)(\(x)) = \(y)")
        }
      }
    }
  }

  @Test func functionsReachTheirLimitsAndKeepNotANumber() {
    for level in Self.levels {
      var numbers: [Float] = [.infinity, -.infinity, 1e30, -1e30, .nan, 0]
      recurrent_apply(level, .tanh, &numbers, numbers.count)
      #expect(numbers[..<4] == [1, -1, 1, -1])
      #expect(numbers[4].isNaN && numbers[5] == 0)
      numbers = [.infinity, -.infinity, 1e30, -1e30, .nan, 0]
      recurrent_apply(level, .sigmoid, &numbers, numbers.count)
      #expect(numbers[0] == 1 && numbers[1] < 1e-37 && numbers[2] == 1 && numbers[3] < 1e-37)
      #expect(numbers[4].isNaN && numbers[5] == 0.5)
    }
  }

  @Test func anInfiniteInputSaturatesTheGates() throws {
    for layer in [GRU(units: 17), GRU(units: 3)] as [GRU] {
      var run = try RandomCase(seed: 1)
      run.layer = layer
      run.input = Tensor([2, 1, 2], [.infinity, 0, 1, 1])
      run.states = []
      run.mask = nil
      run.weights = try constantWeights(layer, features: 2)
      for level in Self.levels {
        let output = try KernelChoice.$current.withValue(.level(level)) { try run.pass() }.outputs[
          0]
        // z = 1 keeps the state: zero.
        #expect(output.samples(0..<1).values.allSatisfy { $0 == 0 })
        #expect(output.samples(1..<2).values.allSatisfy { $0 > 0 && $0 < 1 })
      }
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    var run = try RandomCase(seed: 5)
    run.states = []
    run.mask = nil
    var other = run
    other.mask = Tensor([1, 99], repeating: 1)
    #expect(throws: PassError.self) { try other.pass() }
    other = run
    other.states = type(of: run.layer).stateNames.map { _ in Tensor([99, run.layer.units]) }
    #expect(throws: PassError.self) { try other.pass() }
    other = run
    other.weights[0] = Tensor([1, 1])
    #expect(throws: PassError.self) { try other.pass() }
    other = run
    other.input = Tensor([2, 0, run.input.sizes[2]])
    #expect(throws: PassError.self) { try other.pass() }
  }

  @Test func notANumberStaysInItsSample() throws {
    var run = try RandomCase(seed: 2)
    run.layer = LSTM(units: 21, returnSequences: true)
    run.input = Tensor([2, 3, 1], [0.1, .nan, 0.2, 0.1, 0.3, 0.2])
    run.states = []
    run.mask = nil
    run.weights = try constantWeights(run.layer, features: 1)
    let output = try run.pass().outputs[0]
    #expect(output.values[..<21].allSatisfy { !$0.isNaN })
    #expect(output.values[21..<63].allSatisfy { $0.isNaN })
    #expect(output.values[63...].allSatisfy { !$0.isNaN })
  }
}

extension GRU {
  init(units: Int) {
    self.init()
    self.units = units
  }
}
