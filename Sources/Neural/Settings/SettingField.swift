/// A setting of a layer as a form shows it: of the layer itself or of one that it wraps.
public struct SettingField: Hashable, Sendable {
  /// A way into a wrapping layer.
  public enum Step: Hashable, Sendable {
    /// To the layer it applies.
    case inner
    /// To the layer of its own for the backward way.
    case backward
    /// To a cell of a stack.
    case cell(Int)
  }

  /// The way from the layer to the one whose setting it is; empty for the layer itself.
  public var path: [Step]
  /// What is known of the setting.
  public var info: SettingInfo
  /// The value now.
  public var value: ConfigValue

  /// What the form calls it: the key, with `backward` before one of a backward layer, and the
  /// cell's number, from 1, before one of a stack.
  public var label: String {
    let words = path.compactMap { step -> String? in
      switch step {
      case .inner: nil
      case .backward: "backward"
      case .cell(let index): "cell \(index + 1)"
      }
    }
    return (words + [info.key]).joined(separator: " ")
  }
}

/// The keys that both directions of a bidirectional layer must agree on.
private let commonToDirections: Set = ["stateful", "return_sequences", "return_state"]

extension NamedLayer {
  /// All settings, those of wrapped layers included, outermost layer last.
  public var fields: [SettingField] { fields(at: []) }

  private func fields(at path: [SettingField.Step]) -> [SettingField] {
    var result: [SettingField] = []
    if let wrapper = layer as? any WrapperLayer {
      result += wrapper.inner.fields(at: path + [.inner])
      if let backward = wrapper.backward {
        result += backward.fields(at: path + [.backward]).filter {
          !commonToDirections.contains($0.info.key)
        }
      }
    }
    for (index, cell) in ((layer as? StackedRNNCells)?.cells ?? []).enumerated() {
      result += cell.fields(at: path + [.cell(index)])
    }
    for info in layer.settingInfos where info.kind != .layer {
      result.append(
        SettingField(path: path, info: info, value: layer.value(of: info.key) ?? .null))
    }
    return result
  }

  /// The layer with one setting changed, in itself or in a layer that it wraps; settings that
  /// both directions share change in both.
  ///
  /// - Throws: `SettingError` where there is no such setting or it does not accept `value`.
  public func setting(
    _ key: String, at path: [SettingField.Step] = [], to value: ConfigValue
  ) throws(SettingError) -> NamedLayer {
    var result = self
    guard let step = path.first else {
      result.layer = try changed(layer, key, value)
      return result
    }
    let rest = Array(path.dropFirst())
    if case .cell(let index) = step, var stack = layer as? StackedRNNCells,
      stack.cells.indices.contains(index)
    {
      stack.cells[index] = try stack.cells[index].setting(key, at: rest, to: value)
      result.layer = stack
      return result
    }
    guard var wrapper = layer as? any WrapperLayer else {
      throw SettingError("\(className) wraps no other layer")
    }
    if step == .inner || commonToDirections.contains(key) {
      wrapper.inner = try wrapper.inner.setting(key, at: rest, to: value)
    }
    if let backward = wrapper.backward, step == .backward || commonToDirections.contains(key) {
      wrapper.backward = try backward.setting(key, at: rest, to: value)
    }
    result.layer = wrapper
    return result
  }

  /// The layer with its training flag set, in itself and in all that stands in it, as setting
  /// `layer.trainable` in Keras does.
  public func settingTrainable(_ trainable: Bool) -> NamedLayer {
    var result = self
    result.trainable = trainable
    if var wrapper = layer as? any WrapperLayer {
      wrapper.inner = wrapper.inner.settingTrainable(trainable)
      wrapper.backward = wrapper.backward?.settingTrainable(trainable)
      result.layer = wrapper
    } else if var stack = layer as? StackedRNNCells {
      stack.cells = stack.cells.map { $0.settingTrainable(trainable) }
      result.layer = stack
    } else if var submodel = layer as? Submodel {
      for (id, inner) in submodel.model.layers {
        submodel.model.replaceLayer(id, with: inner.settingTrainable(trainable))
      }
      result.layer = submodel
    }
    return result
  }

  private func changed(_ layer: any Layer, _ key: String, _ value: ConfigValue)
    throws(SettingError) -> any Layer
  {
    try layer.setting(key, to: value)
  }
}
