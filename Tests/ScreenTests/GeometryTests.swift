import Screen
import Testing

@Suite struct GeometryTests {
  @Test func sizesAreNeverNegative() {
    #expect(Size(width: -1, height: 5) == Size(width: 0, height: 5))
    #expect(Size(width: .max, height: .min) == Size(width: Size.limit, height: 0))
  }

  @Test func splitsCoverTheWhole() {
    let rect = Rect(x: 2, y: 3, width: 10, height: 6)
    #expect(rect.splitTop(2).top == Rect(x: 2, y: 3, width: 10, height: 2))
    #expect(rect.splitTop(2).rest == Rect(x: 2, y: 5, width: 10, height: 4))
    #expect(rect.splitBottom(1).bottom == Rect(x: 2, y: 8, width: 10, height: 1))
    #expect(rect.splitBottom(1).rest == Rect(x: 2, y: 3, width: 10, height: 5))
    #expect(rect.splitLeft(3).left == Rect(x: 2, y: 3, width: 3, height: 6))
    #expect(rect.splitLeft(3).rest == Rect(x: 5, y: 3, width: 7, height: 6))
    #expect(rect.splitRight(4).right == Rect(x: 8, y: 3, width: 4, height: 6))
    #expect(rect.splitRight(4).rest == Rect(x: 2, y: 3, width: 6, height: 6))
  }

  @Test(arguments: [-5, 0, 1, 3, 100, .max, .min])
  func splitsBeyondTheEdgesTakeAllOrNothing(amount: Int) {
    for rect in [Rect.zero, Rect(x: 0, y: 0, width: 1, height: 1)] {
      let parts = [
        rect.splitTop(amount).top, rect.splitTop(amount).rest, rect.splitBottom(amount).bottom,
        rect.splitLeft(amount).left, rect.splitRight(amount).rest,
        rect.inset(columns: amount, rows: amount), rect.row(amount),
      ]
      for part in parts {
        #expect(part.width >= 0 && part.width <= 1)
        #expect(part.height >= 0 && part.height <= 1)
      }
    }
  }

  @Test func rectanglesApartHaveAnEmptyIntersection() {
    let left = Rect(x: 0, y: 0, width: 3, height: 3)
    let right = Rect(x: 5, y: 1, width: 3, height: 3)
    #expect(left.intersection(right).isEmpty)
    #expect(
      left.intersection(Rect(x: 2, y: 1, width: 9, height: 9))
        == Rect(x: 2, y: 1, width: 1, height: 2))
  }

  @Test func farOriginsDoNotOverflow() {
    let far = Rect(x: .max, y: .min, width: .max, height: .max)
    #expect(far.maxX > far.minX)
    #expect(far.intersection(Rect(x: 0, y: 0, width: 5, height: 5)).isEmpty)
  }
}
