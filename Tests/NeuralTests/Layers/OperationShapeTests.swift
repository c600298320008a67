import Foundation
import Neural
import Testing

/// Operations give the shapes that real Keras gives, for random parameters and inputs.
///
/// The table was made by `Fixtures/make_operation_shapes.py`.
@Suite struct OperationShapeTests {
  @Test func shapesEqualThoseOfKeras() throws {
    let cases = try KerasTables.operationShapes()
    #expect(cases.count > 200)
    for operationCase in cases { check(operationCase) }
  }

  private func check(_ operationCase: OperationCase) {
    let parameters = "\(operationCase.config) \(operationCase.constants)"
    let comment: Comment = "\(operationCase.className) \(parameters) on \(operationCase.inputs)"
    do {
      let operation = try make(operationCase)
      let outputs = try operation.outputShapes(for: operationCase.inputs)
      guard let expected = operationCase.expected else {
        Issue.record("Keras refuses \(comment), here it gives \(outputs)")
        return
      }
      #expect(outputs.map(\.sizes) == expected, comment)
    } catch {
      if operationCase.expected != nil { Issue.record("\(error), but Keras accepts \(comment)") }
    }
  }

  private func make(_ operationCase: OperationCase) throws -> any Layer {
    let name = operationCase.className
    var operation = try #require(OperationCatalog.operation(named: name))
    #expect(OperationCatalog.module(of: name) == operationCase.module)
    for (key, value) in operationCase.config.objectValue ?? [:] {
      try operation.set(key, to: value)
    }
    if operationCase.constants.listValue?.isEmpty == false {
      try operation.set("operands", to: operationCase.constants)
    }
    return operation
  }

  @Test func everyOperationSaysThatItIsNoLayer() throws {
    for name in OperationCatalog.classNames {
      let operation = try #require(OperationCatalog.operation(named: name))
      #expect(operation.isOperation && operation.className == name)
      for info in operation.settingInfos {
        let value = try #require(operation.value(of: info.key))
        var copy = operation
        try copy.set(info.key, to: value)
        #expect(copy.isEqual(to: operation), "\(name).\(info.key)")
      }
    }
  }

  /// Every function of a script names an operation, or a layer, and settings that it has.
  @Test func everyFunctionMakesAnOperationWithItsSettings() throws {
    for (name, function) in OperationCatalog.functions {
      let node: any Layer
      if function.makesLayer {
        node = try #require(LayerCatalog.type(named: function.className), "\(name)").init()
      } else {
        node = try #require(OperationCatalog.operation(named: function.className), "\(name)")
      }
      for parameter in function.parameters {
        guard case .setting(let key) = parameter.role else { continue }
        #expect(node.value(of: key) != nil, "\(name): \(key)")
      }
    }
  }

  @Test func everyOperatorIsAnOperation() {
    for (symbol, className) in OperationCatalog.operators {
      #expect(OperationCatalog.operation(named: className) != nil, "\(symbol)")
    }
  }

  @Test func hostileShapesNeverTrap() throws {
    let sizes: [Int?] = [nil, 0, 1, 3, largestSize, Int.max]
    let values: [ConfigValue] = [
      nil, 0, 1, -1, .int(Int.max), .int(Int.min), [0, 0], [.int(Int.max), .int(Int.max)],
      [[1, 2]],
      [nil, .int(Int.min)],
      [["class_name": "__slice__", "config": ["start": .int(Int.min), "step": .int(Int.min)]]],
    ]
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
        for rank in 0...5 {
          for size in sizes {
            let shape = Shape(sizes: Array(repeating: size, count: rank))
            for inputs in [[], [shape], [shape, shape], [shape, shape, shape]] {
              guard let outputs = try? operation.outputShapes(for: inputs) else { continue }
              _ = operation.multiplyAdds(for: inputs, outputs: outputs)
              _ = operation.explanation(for: inputs, outputs: outputs)
            }
          }
        }
      }
    }
  }
}

/// An operation on inputs, and what Keras makes of it.
struct OperationCase {
  var className: String
  var module: String
  var config: ConfigValue
  var constants: ConfigValue
  var inputs: [Shape]
  /// `nil` where Keras refuses.
  var expected: [[Int?]]?

  init?(_ json: [Any]) {
    guard json.count == 6, let className = json[0] as? String, let module = json[1] as? String,
      let inputs = json[4] as? [[Any]]
    else { return nil }
    self.className = className
    self.module = module
    config = ConfigValue(json: json[2])
    constants = ConfigValue(json: json[3])
    self.inputs = inputs.map { Shape(sizes: $0.map { $0 as? Int }) }
    expected = (json[5] as? [[Any]])?.map { $0.map { $0 as? Int } }
  }
}
