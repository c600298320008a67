import Neural
import Screen

/// The settings of a layer as a form: one field at a time is being edited, and everything on
/// screen follows each keystroke.
public struct SettingsForm: Sendable {
  /// The layer whose settings it shows.
  let layer: LayerID
  /// The model before the field was touched.
  var before: Model
  /// The field that is edited.
  var cursor = ListCursor()
  /// What is typed in it.
  var field: TextField
  /// Whether typing replaces the whole value: the field was just entered.
  var isFresh = true
  /// Why the value that is typed is not accepted.
  var problem: String?

  /// A form for `layer`, its first field ready to be typed over.
  init(_ layer: LayerID, in model: Model, row: Int = 0) {
    self.layer = layer
    before = model
    field = TextField()
    let fields = SettingsForm.rows(of: model.layers[layer])
    cursor.select(row, count: fields.count, height: fields.count)
    load(from: model)
  }

  /// One row of the form.
  enum Row {
    /// A setting of the layer or of one that it wraps.
    case setting(SettingField)
    /// The layer's name.
    case name(String)
    /// Whether training changes the layer.
    case trainable(Bool)

    var label: String {
      switch self {
      case .setting(let field): field.label
      case .name: "name"
      case .trainable: "trainable"
      }
    }

    var text: String {
      switch self {
      case .setting(let field): SettingText.text(of: field.value, kind: field.info.kind)
      case .name(let name): name
      case .trainable(let flag): flag ? "true" : "false"
      }
    }

    var kind: SettingKind {
      switch self {
      case .setting(let field): field.info.kind
      case .name: .value
      case .trainable: .boolean
      }
    }

    var help: String {
      switch self {
      case .setting(let field): field.info.help
      case .name: "unique in the model"
      case .trainable: "whether training changes the weights"
      }
    }

    /// The texts to step through with the arrow keys; empty where any value may stand.
    var choices: [String] {
      switch kind {
      case .boolean: ["true", "false"]
      case .choice(let texts): texts
      case .activation: Activation.names
      case .initializer: InitializerFamily.classes.keys.map(snakeCase)
      case .regularizer: ["None"] + RegularizerFamily.classes.keys.map(snakeCase)
      case .constraint: ["None"] + ConstraintFamily.classes.keys.map(snakeCase)
      default: []
      }
    }
  }

  private static let prominentKeys = [
    "units", "filters", "output_dim", "rate", "target_shape", "dims", "n", "kernel_size",
    "pool_size", "return_sequences", "merge_mode", "batch_shape", "activation", "input_dim",
    "mask_zero", "data_format", "padding", "strides", "return_state", "axis", "axes", "stddev",
    "mask_value",
  ]

  /// Whether people look for the setting first.
  static func isProminent(_ info: SettingInfo) -> Bool {
    info.isRequired || ["return_sequences", "merge_mode", "batch_shape"].contains(info.key)
  }

  /// The settings in the order of the form: those that people look for first, then Keras' order.
  static func fields(of layer: NamedLayer) -> [SettingField] {
    let all = layer.fields
    let ranked = all.enumerated().map { index, field in
      (prominentKeys.firstIndex(of: field.info.key) ?? prominentKeys.count + index, index, field)
    }
    return ranked.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }

  static func rows(of layer: NamedLayer?) -> [Row] {
    guard let layer else { return [] }
    return fields(of: layer).map { Row.setting($0) } + [.name(layer.name)]
      + (layer.layer is InputLayer || layer.layer.isOperation ? [] : [.trainable(layer.trainable)])
  }

  func rows(in model: Model) -> [Row] { SettingsForm.rows(of: model.layers[layer]) }

  func row(in model: Model) -> Row? {
    let rows = rows(in: model)
    return rows.indices.contains(cursor.selection) ? rows[cursor.selection] : nil
  }

  /// Takes the value of the row that is entered.
  mutating func load(from model: Model) {
    before = model
    field = TextField(row(in: model)?.text ?? "")
    isFresh = true
    problem = nil
  }

  /// The model with the value that is typed.
  ///
  /// - Throws: `SettingError` where the value is not accepted; nothing changes then.
  func edited(_ model: Model) throws(SettingError) -> Model {
    guard let row = row(in: model), let named = model.layers[layer] else { return model }
    var result = model
    var changed = named
    switch row {
    case .setting(let field):
      let value = SettingText.value(of: self.field.text, kind: field.info.kind)
      changed = try named.setting(field.info.key, at: field.path, to: value)
    case .name:
      changed.name = try checkedName(in: model)
    case .trainable:
      let value = SettingText.value(of: field.text, kind: .boolean)
      changed = named.settingTrainable(try Bool(configValue: value, kind: .boolean))
    }
    result.replaceLayer(layer, with: changed)
    return result
  }

  private func checkedName(in model: Model) throws(SettingError) -> String {
    let name = field.text.trimmingBlanks
    guard !name.isEmpty else { throw SettingError("a layer needs a name") }
    guard !name.contains("/") else { throw SettingError("a name cannot hold a /") }
    guard !model.layers.contains(where: { $0.key != layer && $0.value.name == name }) else {
      throw SettingError("another layer is called \(name)")
    }
    return name
  }
}
