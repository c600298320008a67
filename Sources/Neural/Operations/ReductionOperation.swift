import OrderedCollections

/// A family of operations that make one number of all those along axes.
package protocol ReductionFamily: Hashable, Sendable, RawRepresentable, CaseIterable
where RawValue == String {
  /// The operation that stands for the family.
  static var standard: Self { get }
  /// Parameters besides `axis` and `keepdims`, with their defaults.
  static var parameters: OrderedDictionary<String, ConfigValue> { get }
  /// Whether the class has `keepdims`.
  static var canKeepDims: Bool { get }
  /// One number of all those along `axes`, which go, with the way back; each axis counts from 0 and
  /// stands there once.
  ///
  /// `isOne` tells a single axis from a list of them.
  /// - Throws: `PassError` where a parameter makes no sense, or there is nothing to choose from.
  func reduce(
    _ input: Tensor, along axes: [Int], isOne: Bool, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor
}

/// An operation that makes one number of all those along axes: `sum`, `mean`, `max`.
///
/// Output: the input without those axes; with `keepdims` they stay, of size 1.
/// Source: `reduce_shape` in `keras/src/ops/operation_utils.py`.
package struct ReductionOperation<Family: ReductionFamily>: GraphOperation {
  package static var className: String { "ReductionOperation" }

  /// Which operation.
  package var kind: Family
  /// The axes; `nil`: all of them.
  package var axis: AxisList?
  /// Whether the axes stay, of size 1.
  package var keepDims = false
  /// The other parameters.
  package var values = Family.parameters

  package init() { kind = Family.standard }

  /// The operation `kind` along all axes.
  package init(_ kind: Family) { self.kind = kind }

  fileprivate subscript(key: String) -> ConfigValue {
    get { values[key] ?? .null }
    set { values[key] = newValue }
  }

  package static var settings: [Setting<ReductionOperation<Family>>] {
    var settings: [Setting<Self>] = [
      Setting("axis", \.axis, .axes, help: "the axes that go; None: all")
    ]
    if Family.canKeepDims {
      settings.append(Setting("keepdims", \.keepDims, .boolean, help: "keeps them, of size 1"))
    }
    return settings
      + Family.parameters.keys.map { key in
        Setting(key, \.[key], .value, help: "of the operation")
      }
  }

  package var className: String { kind.rawValue }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    var reduced = Set(input.axes.indices)
    if let axis {
      reduced = []
      for index in axis.indices {
        guard reduced.insert(try input.requireAxis(index, for: className)).inserted else {
          throw ShapeError("\(className) has axis \(index) twice")
        }
      }
    }
    if keepDims {
      return [
        Shape(
          input.axes.enumerated().map { reduced.contains($0) ? Axis($1.role, 1) : $1 })
      ]
    }
    return [Shape(input.axes.enumerated().filter { !reduced.contains($0.offset) }.map(\.element))]
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (input, sizes) = try single(inputs)
    let axes = axis?.indices.map { input.axis($0) } ?? Array(0..<input.rank)
    let output = try kind.reduce(
      input, along: axes, isOne: axis?.isList == false, OperationParameters(className, values))
    return output.reshaped(sizes).pass(in: context)
  }
}

/// Reductions with no further parameter.
package enum PlainReduction: String, ReductionFamily {
  case sum = "Sum"
  case mean = "Mean"
  case any = "Any"
  case all = "All"
  case standardDeviation = "Std"
  case variance = "Var"
  case median = "Median"
  case range = "Ptp"
  case logSumExp = "Logsumexp"
  case largestIndex = "Argmax"
  case smallestIndex = "Argmin"

  package static let standard = Self.sum
  package static let parameters: OrderedDictionary<String, ConfigValue> = [:]
  package static let canKeepDims = true
}

/// The largest and the smallest.
package enum ExtremumReduction: String, ReductionFamily {
  case max = "Max"
  case min = "Min"

  package static let standard = Self.max
  package static let parameters: OrderedDictionary<String, ConfigValue> = ["initial": nil]
  package static let canKeepDims = true
}

/// Products.
package enum ProductReduction: String, ReductionFamily {
  case product = "Prod"

  package static let standard = Self.product
  package static let parameters: OrderedDictionary<String, ConfigValue> = ["dtype": nil]
  package static let canKeepDims = true
}

/// Counting.
package enum CountReduction: String, ReductionFamily {
  case countNonzero = "CountNonzero"

  package static let standard = Self.countNonzero
  package static let parameters: OrderedDictionary<String, ConfigValue> = [:]
  package static let canKeepDims = false
}

/// Lengths of vectors.
package enum NormReduction: String, ReductionFamily {
  case norm = "Norm"

  package static let standard = Self.norm
  package static let parameters: OrderedDictionary<String, ConfigValue> = ["ord": nil]
  package static let canKeepDims = true
}
