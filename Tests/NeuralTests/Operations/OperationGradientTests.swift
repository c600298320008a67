import Foundation
import Testing

@testable import Neural

/// The way back through operations.
@Suite struct OperationGradientTests {
  /// Gradients are those of Keras with JAX, at kinks and ties too.
  ///
  /// The table was made by `Fixtures/make_operation_gradients.py`, on the cases of
  /// `operation-numbers.json`.
  @Test func gradientsEqualThoseOfKeras() throws {
    let cases = try KerasTables.operationNumbers()
    let table = try OperationGradients.table()
    #expect(cases.count == table.count)
    var compared = 0
    for (operationCase, expected) in zip(cases, table) {
      // The matrices of the table have singular values of 0, where a nuclear norm has no slope.
      guard let expected, operationCase.config["ord"] != "nuc" else { continue }
      let found = try #require(try gradients(of: operationCase), "\(operationCase)")
      #expect(found.count == expected.inputs.count, "\(operationCase)")
      for (place, keras) in expected.inputs.enumerated() {
        let input = operationCase.inputs[place]
        // Of infinities Keras finds slopes that are none.
        if input.values.contains(where: { !$0.isFinite }), operationCase.inputs.count > 1 {
          continue
        }
        guard let keras = keras ?? (found[place] == nil ? nil : []) else { continue }
        for (index, gradient) in (found[place] ?? Tensor(input.sizes)).values.enumerated() {
          let wanted = keras.isEmpty ? 0 : keras[index]
          // Where Keras has NaN, there is no gradient, or one that it does not find.
          guard !wanted.isNaN, !input.values[index].isNaN else { continue }
          compared += 1
          let isEqual =
            gradient == wanted || abs(gradient - wanted) <= 2e-5 * (1 + abs(wanted))
          #expect(
            isEqual,
            "\(gradient), Keras has \(wanted) at \(input.values[index]) of \(operationCase)")
        }
      }
    }
    #expect(compared > 15_000)
  }

  /// Every operation of the catalog, with the parameters of the table, on numbers without ties.
  @Test func gradientsEqualFiniteDifferences() throws {
    var checked: Set<String> = []
    for operationCase in try KerasTables.operationNumbers() {
      guard operationCase.outputs != nil, !OperationGradients.isFine(operationCase) else {
        continue
      }
      // What stops gradients, and what takes indices alone.
      if ["StopGradient", "OneHot"].contains(operationCase.className) {
        #expect(try gradients(of: operationCase) == [nil])
        checked.insert(operationCase.className)
        continue
      }
      var smooth = operationCase
      smooth.inputs = operationCase.inputs.enumerated().map { place, input in
        operationCase.isIndex(place) ? input : OperationGradients.untied(input, place)
      }
      guard smooth.inputs.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else { continue }
      if try check(smooth) { checked.insert(operationCase.className) }
    }
    #expect(checked.symmetricDifference(OperationCatalog.classNames) == [])
  }

  /// Compares some numbers of each input; whether there was one.
  private func check(_ operationCase: OperationNumbers) throws -> Bool {
    let operation = try operationCase.operation()
    let found = try #require(try gradients(of: operationCase), "\(operationCase)")
    var isChecked = false
    for (place, input) in operationCase.inputs.enumerated() where !operationCase.isIndex(place) {
      for index in stride(from: 0, to: input.count, by: max(input.count / 7, 1)) {
        func outputs(_ step: Float) throws -> [Tensor] {
          var inputs = operationCase.inputs
          inputs[place].values[index] += step
          return try operation.forward(inputs, weights: LayerWeights(), in: PassContext()).outputs
        }
        let (low, here, high) = (try outputs(-0.004), try outputs(0), try outputs(0.004))
        let (before, behind) = (change(low, here), change(here, high))
        // A kink, or a step, between them.
        guard abs(before) < 50, abs(before - behind) < 0.008 * (1 + abs(before)) else { continue }
        isChecked = true
        let slope = (before + behind) / 2
        let gradient = Double(found[place]?.values[index] ?? 0)
        #expect(
          abs(gradient - slope) < 5e-3 * (1 + abs(slope)),
          "\(gradient), not \(slope), at \(input.values[index]) of \(operationCase)")
      }
    }
    return isChecked
  }

  /// How the loss changes in one step.
  private func change(_ before: [Tensor], _ behind: [Tensor]) -> Double {
    var sum = 0.0
    for (place, (before, behind)) in zip(before, behind).enumerated() {
      let weights = OperationGradients.weights(before.sizes, place)
      for index in before.values.indices {
        sum +=
          Double(weights.values[index])
          * (Double(behind.values[index]) - Double(before.values[index]))
      }
    }
    return sum / 0.004
  }

  /// The gradients of the inputs; `nil` of those where none flows, for all where it cannot be run.
  private func gradients(of operationCase: OperationNumbers) throws -> [Tensor?]? {
    let operation = try operationCase.operation()
    var context = PassContext()
    context.isDifferentiated = true
    let pass = try operation.forward(operationCase.inputs, weights: LayerWeights(), in: context)
    let plain = try operation.forward(
      operationCase.inputs, weights: LayerWeights(), in: PassContext())
    #expect(plain.pullback == nil && plain.outputs.map(\.sizes) == pass.outputs.map(\.sizes))
    guard let pullback = pass.pullback else {
      #expect(pass.isConstant, "\(operationCase) has no way back")
      return operationCase.inputs.map { _ in nil }
    }
    #expect(!pass.isConstant)
    let weights = pass.outputs.enumerated().map { OperationGradients.weights($1.sizes, $0) }
    let gradients = try pullback(weights)
    #expect(gradients.weights.isEmpty && gradients.inputs.count == operationCase.inputs.count)
    for (input, gradient) in zip(operationCase.inputs, gradients.inputs) {
      if let gradient { #expect(gradient.sizes == input.sizes, "\(operationCase)") }
    }
    return gradients.inputs
  }

  /// Nothing is computed for inputs behind which nothing learns.
  @Test func gradientsThatNobodyNeedsAreLeftOut() throws {
    var context = PassContext()
    context.isDifferentiated = true
    context.needsInputGradients = false
    for operationCase in try KerasTables.operationNumbers() where operationCase.outputs != nil {
      let pass = try operationCase.operation().forward(
        operationCase.inputs, weights: LayerWeights(), in: context)
      let gradients = try pass.pullback?(pass.outputs)
      #expect(gradients?.inputs.allSatisfy { $0 == nil } ?? true, "\(operationCase)")
    }
  }

  /// Parts that do not matter to the loss have no gradient to hand on.
  @Test func partsWithoutGradientCountAsZeros() throws {
    var split = Split()
    split.sections = AxisList(3)
    split.axis = 1
    var context = PassContext()
    context.isDifferentiated = true
    let pass = try split.forward(
      [Tensor([1, 3], [1, 2, 3])], weights: LayerWeights(), in: context)
    let gradients = try pass.pullback?([nil, Tensor([1, 1], [5]), nil])
    #expect(gradients?.inputs == [Tensor([1, 3], [0, 5, 0])])
  }

  /// Where Keras has NaN although a gradient makes sense, it is 0: no direction is better.
  @Test(arguments: [
    ("Norm", Tensor([3])), ("Std", Tensor([3], [2, 2, 2])), ("Normalize", Tensor([3])),
  ])
  func gradientsOfZerosAreNumbers(_ name: String, _ input: Tensor) throws {
    let operation = try #require(OperationCatalog.operation(named: name))
    var context = PassContext()
    context.isDifferentiated = true
    let pass = try operation.forward([input], weights: LayerWeights(), in: context)
    let gradients = try pass.pullback?([pass.outputs[0].map { _ in 1 }])
    #expect(gradients?.inputs[0]?.values.allSatisfy(\.isFinite) == true)
  }
}

/// What Keras finds of the operations' gradients.
private struct OperationGradients {
  /// For each input its gradient, empty where all of it is 0; `nil` where it has none.
  var inputs: [[Float]?]

  /// In the order of the operations' numbers; `nil` where Keras refuses.
  static func table() throws -> [OperationGradients?] {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/operation-gradients.json")
    let table = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    let cases = (table as? [String: Any])?["cases"] as? [Any] ?? []
    return cases.map { json in
      (json as? [Any]).map { inputs in
        OperationGradients(
          inputs: inputs.map { input in
            if input is NSNull { return nil }
            return (input as? [Any] ?? []).map { number in
              (number as? String).flatMap { Float($0) }
                ?? (number as? NSNumber).map { Float($0.doubleValue) } ?? .nan
            }
          })
      }
    }
  }

  /// How the loss changes with the output at a place.
  static func weights(_ sizes: [Int], _ place: Int) -> Tensor {
    Tensor(
      sizes, (0..<sizes.reduce(1, *)).map { Float(cos(0.7 * Double($0) + Double(place))) })
  }

  /// The same numbers moved together and apart, away from whole ones and ties.
  static func untied(_ input: Tensor, _ place: Int) -> Tensor {
    var input = input
    for index in input.values.indices {
      let apart = 0.09 + 0.07 * sin(1.7 * Double(index) + 2.3 * Double(place))
      input.values[index] = 0.8 * input.values[index] + Float(apart)
    }
    return input
  }

  /// Whether a value changes in steps too fine to tell from a slope.
  static func isFine(_ operationCase: OperationNumbers) -> Bool {
    let type = operationCase.config["dtype"]?.stringValue
    return operationCase.className == "Round" && operationCase.config["decimals"]?.intValue != 0
      || ["float16", "bfloat16"].contains(type)
  }
}

extension OperationNumbers {
  /// Whether the input at a place holds indices, which are whole.
  func isIndex(_ place: Int) -> Bool {
    className == "Take" && place == 1 || className == "OneHot"
  }
}
