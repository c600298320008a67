import Foundation
import Neural
import Testing

/// Operations give the numbers that real Keras gives.
///
/// The table was made by `Fixtures/make_operation_numbers.py`; inputs are made here as there.
@Suite struct OperationNumberTests {
  @Test func numbersEqualThoseOfKeras() throws {
    let cases = try KerasTables.operationNumbers()
    #expect(cases.count > 800)
    #expect(Set(cases.map(\.className)) == Set(OperationCatalog.classNames))
    var largest = 0.0
    for operationCase in cases { largest = max(largest, try check(operationCase)) }
    #expect(largest <= 1e-5)
  }

  /// Compares a case; gives the largest difference, relative to 1 + |x|.
  private func check(_ operationCase: OperationNumbers) throws -> Double {
    let operation = try operationCase.operation()
    let inputs = operationCase.inputs
    let comment: Comment = "\(operationCase)"
    guard let expected = operationCase.outputs else {
      #expect(throws: PassError.self, comment) {
        try operation.forward(inputs, weights: LayerWeights(), in: PassContext())
      }
      return 0
    }
    let outputs: [Tensor]
    do {
      outputs = try operation.forward(inputs, weights: LayerWeights(), in: PassContext()).outputs
    } catch {
      Issue.record("\(error): \(comment)")
      return 0
    }
    #expect(outputs.map(\.sizes) == expected.map(\.sizes), comment)
    let shapes = try operation.outputShapes(for: inputs.map(\.shape))
    #expect(outputs.map { $0.sizes.map { Int?.some($0) } } == shapes.map(\.sizes), comment)
    var largest = 0.0
    for (output, wanted) in zip(outputs, expected) where output.sizes == wanted.sizes {
      for (found, number) in zip(output.values, wanted.values) {
        let error = difference(found, number)
        if error > 1e-5 { Issue.record("\(found), Keras has \(number): \(comment)") }
        largest = max(largest, error)
      }
    }
    return largest
  }

  private func difference(_ found: Float, _ expected: Float) -> Double {
    if found.isNaN && expected.isNaN || found == expected { return 0 }
    let error = abs(Double(found) - Double(expected)) / (1 + abs(Double(expected)))
    return error.isNaN ? .infinity : error
  }

  /// No parameter and no number ends the program, on the way there or back.
  @Test func hostileParametersAreRefusedOrComputed() throws {
    let values: [ConfigValue] = [
      nil, 0, 1, -1, 2.5, "x", true, .double(.nan), .double(.infinity), .int(Int.max),
      .int(Int.min), [], [0, 0], [0, 1], [.int(Int.max), .int(Int.max)], [[1, 2]], [[1, 2], [3]],
      [nil, .int(Int.min)], [0, .int(1 << 50)], .int(1 << 50), ["a"], ["class_name": "__numpy__"],
      [["class_name": "__slice__", "config": ["start": .int(Int.min), "step": .int(Int.min)]]],
      [["class_name": "__slice__", "config": ["stop": .int(Int.max), "step": .int(Int.max)]]],
    ]
    let numbers: [Float] = [0, .nan, .infinity, -.infinity, 1e30, -3.5, 2, .leastNonzeroMagnitude]
    for name in OperationCatalog.classNames {
      let standard = try #require(OperationCatalog.operation(named: name))
      var variants = [standard]
      for info in standard.settingInfos {
        for value in values {
          var variant = standard
          if (try? variant.set(info.key, to: value)) != nil { variants.append(variant) }
        }
      }
      for operation in variants {
        for sizes in [[], [0], [1], [8], [2, 0], [2, 4], [2, 2, 2]] {
          let count = sizes.reduce(1, *)
          let tensor = Tensor(sizes, (0..<count).map { numbers[$0 % numbers.count] })
          for inputs in [[], [tensor], [tensor, tensor], [tensor, tensor, Tensor([3])]] {
            var context = PassContext()
            context.isDifferentiated = true
            let pass = try? operation.forward(inputs, weights: LayerWeights(), in: context)
            guard let pass else { continue }
            let gradients = try pass.outputs.isEmpty ? nil : pass.pullback?(pass.outputs)
            #expect(
              zip(gradients?.inputs ?? [], inputs).allSatisfy {
                $0 == nil || $0?.sizes == $1.sizes
              },
              "\(name): \(operation)")
            let shapes = try operation.outputShapes(for: inputs.map(\.shape))
            #expect(
              zip(pass.outputs, shapes).allSatisfy { output, shape in
                output.rank == shape.rank
                  && zip(output.sizes, shape.sizes).allSatisfy { $1 == nil || $0 == $1 }
              }, "\(name): \(operation)")
          }
        }
      }
    }
  }

  @Test func anArrayWhoseNumbersAreNotKnownIsRefused() throws {
    var operation = ElementwiseOperation(.multiply, operands: Operands([nil, [0, 0]]))
    operation.operands.unknownPlaces = [1]
    #expect {
      try operation.forward([Tensor([3, 2])], weights: LayerWeights(), in: PassContext())
    } throws: { "\($0)".contains("not known") }
  }

  @Test func anIndexBeyondTheAxisIsNamed() throws {
    var take = Take()
    take.axis = 1
    take.operands = Operands([nil, [0, 7]])
    #expect {
      try take.forward([Tensor([3, 5])], weights: LayerWeights(), in: PassContext())
    } throws: { "\($0)".contains("index 7") && "\($0)".contains("5 positions") }
  }
}

/// An operation on numbers, and what Keras makes of them.
struct OperationNumbers: CustomStringConvertible {
  var className: String
  var config: ConfigValue
  var constants: ConfigValue
  var inputs: [Tensor]
  /// `nil` where Keras refuses.
  var outputs: [Tensor]?

  init?(_ json: [Any], number: Int) {
    guard json.count == 6, let className = json[0] as? String, let inputs = json[4] as? [[Any]]
    else { return nil }
    self.className = className
    config = ConfigValue(json: json[2])
    constants = ConfigValue(json: json[3])
    self.inputs = inputs.enumerated().compactMap { place, input in
      guard let sizes = input[0] as? [Int], let kind = input[1] as? String else { return nil }
      let count = sizes.reduce(1, *)
      return Tensor(sizes, Self.values(kind, count, Double(number), Double(place)))
    }
    outputs = (json[5] as? [[Any]])?.compactMap { output in
      guard let sizes = output[0] as? [Int], let values = output[1] as? [Any] else { return nil }
      return Tensor(sizes, values.compactMap(Self.number))
    }
  }

  /// The operation with its parameters and constants.
  func operation() throws -> any Layer {
    var operation = try #require(OperationCatalog.operation(named: className))
    for (key, value) in config.objectValue ?? [:] {
      // JSON has no infinities.
      let isInfinite = ["inf", "-inf"].contains(value.stringValue)
      let number = value.stringValue.flatMap { isInfinite ? Double($0) : nil }
      try operation.set(key, to: number.map { .double($0) } ?? value)
    }
    if constants.listValue?.isEmpty == false { try operation.set("operands", to: constants) }
    return operation
  }

  var description: String { "\(className) \(config) \(constants) on \(inputs.map(\.sizes))" }

  private static func number(_ json: Any) -> Float? {
    if let text = json as? String { return Float(text) }
    return (json as? NSNumber).map { Float($0.doubleValue) }
  }

  private static let special: [Float] = [
    0, -0.0, .nan, .infinity, -.infinity, 1, -1, 2.5, -2.5, 0.5, -0.5, 90, -90, 1e-3,
  ]

  /// The numbers of an input, as the script makes them.
  static func values(_ kind: String, _ count: Int, _ number: Double, _ place: Double) -> [Float] {
    (0..<count).map { k in
      let wave = sin(Double(k) * 0.37 + number + 10 * place)
      return switch kind {
      case "unit": Float(0.99 * wave)
      case "positive": Float(1.5 + wave)
      case "whole": Float((3 * wave + 0.5).rounded(.down))
      case "truth": wave > 0 ? 1 : 0
      case "index": Float((k * 7 + Int(number)) % 5)
      case "special": special[(k * (place > 0 ? 3 : 1) + Int(place)) % special.count]
      default: Float(2 * wave)
      }
    }
  }
}

extension KerasTables {
  /// What Keras' operations make of numbers.
  static func operationNumbers() throws -> [OperationNumbers] {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/operation-numbers.json")
    let table = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    let cases = (table as? [String: Any])?["cases"] as? [[Any]] ?? []
    return cases.enumerated().compactMap { OperationNumbers($1, number: $0) }
  }
}
