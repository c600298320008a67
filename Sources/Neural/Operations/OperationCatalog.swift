import OrderedCollections

/// All operations: what Keras' classes of graph nodes that are no layers stand for.
public enum OperationCatalog {
  /// The operation that a class of Keras' stands for, its parameters by default; `nil` where
  /// there is none.
  public static func operation(named className: String) -> (any Layer)? {
    entries[className]?.operation
  }

  /// The Keras module of a class: `keras.src.ops.numpy` of `Squeeze`.
  public static func module(of className: String) -> String? { entries[className]?.module }

  /// The classes of all operations.
  public static var classNames: [String] { Array(entries.keys) }

  /// Settings that stand among the arguments of the call in Keras' files, not in its
  /// configuration: the `key` of `GetItem`, the constants of `Add`.
  public static func callArguments(of operation: any Layer) -> Set<String> {
    (operation as? any GraphOperation).map { type(of: $0).callArguments } ?? []
  }

  private struct Entry: Sendable {
    var module: String
    var operation: any Layer
  }

  private static let entries: OrderedDictionary<String, Entry> = {
    var entries: OrderedDictionary<String, Entry> = [:]
    func list(_ module: String, _ operations: [any Layer]) {
      for operation in operations {
        entries[operation.className] = Entry(module: module, operation: operation)
      }
    }
    list("keras.src.ops.numpy", ElementwiseOperation.Kind.allCases.map { ElementwiseOperation($0) })
    list("keras.src.ops.numpy", numpyOperations)
    list("keras.src.ops.nn", neuralOperations)
    list("keras.src.ops.core", coreOperations)
    list("keras.src.ops.math", mathOperations)
    list("keras.src.ops.linalg", [ReductionOperation(NormReduction.norm)])
    list("keras.src.activations.activations", [PlainOperation(ReLUOperation.relu)])
    return entries
  }()

  private static let coreOperations: [any Layer] = [
    PlainOperation(TypedOperation.cast), PlainOperation(UnaryOperation.stopGradient), Unstack(),
    PlainOperation(ConversionOperation.convertToTensor),
  ]

  private static let mathOperations: [any Layer] = [
    ReductionOperation(PlainReduction.logSumExp), PlainOperation(UnaryOperation.rsqrt),
    PlainOperation(UnaryOperation.erf),
  ]

  private static let neuralUnaries: [UnaryOperation] = [
    .relu, .relu6, .sigmoid, .logSigmoid, .softplus, .softsign, .silu, .hardSigmoid, .hardSilu,
    .hardTanh, .tanhShrink, .selu,
  ]

  private static let neuralOperations: [any Layer] =
    neuralUnaries.map { PlainOperation($0) as any Layer } + [
      PlainOperation(AxisOperation.softmax), PlainOperation(AxisOperation.logSoftmax),
      PlainOperation(AxisOperation.sparsemax), PlainOperation(AlphaOperation.elu),
      PlainOperation(AlphaOperation.celu), PlainOperation(LeakyOperation.leakyRelu),
      PlainOperation(GeluOperation.gelu), PlainOperation(NormalizeOperation.normalize), OneHot(),
    ]

  private static let numpyOperations: [any Layer] =
    UnaryOperation.allCases.filter {
      !neuralUnaries.contains($0) && ![.stopGradient, .rsqrt, .erf].contains($0)
    }.map { PlainOperation($0) as any Layer }
    + PlainReduction.allCases.filter { $0 != .logSumExp }.map {
      ReductionOperation($0) as any Layer
    }
    + ExtremumReduction.allCases.map { ReductionOperation($0) as any Layer } + [
      ReductionOperation(ProductReduction.product), ReductionOperation(CountReduction.countNonzero),
      PlainOperation(AxisOperation.sort), PlainOperation(AxisOperation.argsort),
      PlainOperation(CumulativeOperation.sum),
      PlainOperation(ClipOperation.clip), PlainOperation(TypedOperation.onesLike),
      PlainOperation(TypedOperation.zerosLike), PlainOperation(RoundOperation.round),
      PlainOperation(FlipOperation.flip), PlainOperation(RollOperation.roll),
      PlainOperation(TriangleOperation.lower), PlainOperation(TriangleOperation.upper),
      Squeeze(), ExpandDims(), Transpose(), SwapAxes(), MoveAxis(), ReshapeOperation(), Ravel(),
      BroadcastTo(), Repeat(), Tile(), Pad(), ConcatenateOperation(), Stack(), Matmul(),
      DotOperation(), EinsumOperation(), GetItem(), Take(), Split(),
    ]
}
