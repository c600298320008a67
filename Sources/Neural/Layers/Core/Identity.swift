/// Gives its input unchanged.
///
/// Source: `keras/src/layers/core/identity.py`.
package struct Identity: ShapeKeepingLayer {
  package static let className = "Identity"
  package static let summary = "gives its input unchanged: a placeholder"
  package static let settings: [Setting<Identity>] = []

  package init() {}
}
