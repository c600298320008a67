/// A layer some of whose settings stand in files in another way than people write them:
/// `RandomRotation(0.1)` is `[-0.1, 0.1]` there.
package protocol ShortSettings: Layer {
  /// What a person writes for a setting, from which Keras makes the same; `nil`: its value.
  func shortValue(of key: String) -> ConfigValue?
}
