import Screen
import Testing

@Suite struct LinePlotTests {
  private func drawn(_ plot: LinePlot, _ width: Int, _ height: Int) -> String {
    var canvas = Canvas(size: Size(width: width, height: height))
    plot.render(into: &canvas, in: canvas.bounds)
    return canvas.text
  }

  private func falling(_ stroke: Stroke = .solid) -> LinePlot.Series {
    LinePlot.Series(
      (0...10).map { PlotPoint(x: Double($0), y: 1 / Double($0 + 1)) }, stroke: stroke)
  }

  @Test func aCurveStandsBetweenItsAxes() {
    let plot = LinePlot(
      [falling()], x: PlotScale(from: 0, to: 10), y: PlotScale(fitting: falling().points.map(\.y)))
    #expect(
      drawn(plot, 26, 8) == """
        1.0 ┤⢣
            │⠈⡆
            │ ⠸⡀
        0.5 ┤  ⠑⠤⡀
            │    ⠈⠑⠒⠤⠤⢄⣀⡀
          0 ┤           ⠈⠉⠉⠉⠉⠉⠑⠒⠒⠒
            └┬─────────┬─────────┬
             0         5        10
        """)
  }

  @Test func strokesAreToldApartWithoutColour() {
    for stroke in Stroke.allCases {
      let flat = LinePlot.Series(
        [PlotPoint(x: 0, y: 0.5), PlotPoint(x: 1, y: 0.5)], stroke: stroke)
      let plot = LinePlot([flat], x: PlotScale(from: 0, to: 1), y: PlotScale(from: 0, to: 1))
      let row = drawn(plot, 7, 1)
      #expect(row == ["⠤⠤⠤⠤⠤⠤⠤", "⠤⠄⠠⠤⠄⠠⠤", "⠄⠄⠠ ⠄⠠"][Stroke.allCases.firstIndex(of: stroke) ?? 0])
    }
  }

  @Test func whatIsNoNumberBreaksTheCurve() {
    let points = [0.5, 0.5, .nan, 0.5, .infinity].enumerated().map {
      PlotPoint(x: Double($0.offset), y: $0.element)
    }
    let plot = LinePlot(
      [LinePlot.Series(points)], x: PlotScale(from: 0, to: 4), y: PlotScale(from: 0, to: 1))
    #expect(drawn(plot, 5, 1) == "⠤⠄ ⠠")
  }

  @Test func manyPointsInAColumnShowFromWhereToWhereTheyGo() {
    let points = (0..<10_000).map {
      PlotPoint(x: Double($0) / 10_000, y: $0 % 2 == 0 ? 0 : 1)
    }
    let plot = LinePlot(
      [LinePlot.Series(points)], x: PlotScale(from: 0, to: 1), y: PlotScale(from: 0, to: 1))
    #expect(drawn(plot, 6, 1) == "⣿⣿⣿⣿⣿⣿")
  }

  @Test func aMarkStandsAtTheEndOfItsCurve() {
    var series = falling()
    series.mark = "A"
    let plot = LinePlot([series], x: PlotScale(from: 0, to: 20), y: PlotScale(from: 0, to: 1))
    #expect(drawn(plot, 12, 3).contains("A"))
  }

  @Test func everySizeAndEveryNumberIsDrawn() {
    let numbers = [
      0, -1, 1e300, -1e300, Double.leastNonzeroMagnitude, .nan, .infinity, -.infinity, 1e-30, 3,
    ]
    for width in [0, 1, 2, 5, 9, 40] {
      for height in [0, 1, 2, 3, 4, 12] {
        for end in numbers {
          let points = numbers.enumerated().map { PlotPoint(x: Double($0.offset), y: $0.element) }
          let plot = LinePlot(
            [LinePlot.Series(points), LinePlot.Series([])], x: PlotScale(from: 0, to: end),
            y: PlotScale(fitting: numbers + [end], mayBeLogarithmic: true))
          #expect(drawn(plot, width, height).count < 10_000)
        }
      }
    }
  }
}

@Suite struct PlotScaleTests {
  private func labels(_ scale: PlotScale, _ count: Int) -> [String] {
    scale.ticks(atMost: count).map(\.label)
  }

  @Test func ticksAreRoundNumbers() {
    #expect(labels(PlotScale(from: 0, to: 10), 3) == ["0", "5", "10"])
    #expect(labels(PlotScale(from: 0, to: 1), 6) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(PlotScale(from: -0.3, to: 0.3), 3) == ["0"])
    #expect(labels(PlotScale(from: 0, to: 3), 10).count <= 10)
    #expect(
      PlotScale(from: 0, to: 2).ticks(atMost: 9, isWhole: true).map(\.label) == ["0", "1", "2"])
  }

  @Test func anAxisHasRoomForAllNumbersAndRoundEnds() {
    let scale = PlotScale(fitting: [0.31, 0.52, .nan, 0.48])
    #expect(abs(scale.lower - 0.3) < 1e-9 && abs(scale.upper - 0.6) < 1e-9)
    #expect(PlotScale(fitting: [0.01, 1.3]).lower == 0)
    #expect(PlotScale(fitting: [2, 2]).lower < 2 && PlotScale(fitting: [2, 2]).upper > 2)
    #expect(PlotScale(fitting: []) == PlotScale(from: 0, to: 1))
  }

  @Test func veryDifferentNumbersGetAnAxisOfFactors() {
    let scale = PlotScale(fitting: [0.0004, 3], mayBeLogarithmic: true)
    #expect(scale.isLogarithmic)
    #expect(labels(scale, 6) == ["0.001", "0.01", "0.1", "1"])
    #expect(scale.position(of: 5) == 1)
    #expect(abs(scale.lower - 0.000_2) < 1e-9)
    #expect(scale.position(of: 0) == nil)
    #expect(!PlotScale(fitting: [0, 3], mayBeLogarithmic: true).isLogarithmic)
  }
}

@Suite struct NumberTextTests {
  @Test func numbersAreShortAndHaveATrueMinus() {
    #expect(NumberText.short(0.42314) == "0.4231")
    #expect(NumberText.short(-12.345) == "−12.35" || NumberText.short(-12.345) == "−12.34")
    #expect(NumberText.short(123_456) == "1.2e5")
    #expect(NumberText.short(0.000_023) == "2.3e−5")
    #expect(NumberText.short(99_999.7) == "1e5")
    #expect(NumberText.short(.nan) == "NaN")
    #expect(NumberText.short(-.infinity) == "−∞")
    #expect(NumberText.short(.leastNonzeroMagnitude).hasSuffix("e−324"))
    #expect(NumberText.short(1.7e308) == "1.7e308")
    #expect(NumberText.fixed(-0.004, 2) == "0.00")
    #expect(NumberText.fixed(1e300, 2) == "1e300")
  }
}

@Suite struct BarsTests {
  private func drawn(_ heights: [Double?], _ width: Int, _ height: Int) -> String {
    var canvas = Canvas(size: Size(width: width, height: height))
    Bars(heights).render(into: &canvas, in: canvas.bounds)
    return canvas.text
  }

  @Test func barsRiseInEighthsAndTheLeastOneShows() {
    #expect(drawn([0, 0.01, 0.25, 0.5, 1, nil, 1], 7, 1) == " ▁▂▄█ █")
    #expect(drawn([0.5, 1, 0.75], 3, 2) == " █▄\n███")
  }

  @Test func fewBarsAreWideWithGaps() {
    #expect(drawn([1, 0.5], 8, 1) == "███ ▄▄▄")
  }

  @Test func moreNumbersThanColumnsShowTheLargest() {
    #expect(Bars.binned([1, 5, 2, 3], to: 2) == [5, 3])
    #expect(Bars.binned([1, 2], to: 5) == [1, 2])
    #expect(Bars.binned([1, 2], to: 0) == [1, 2])
  }

  @Test func everySizeIsDrawn() {
    for width in [0, 1, 3] {
      for height in [0, 1, 3] {
        _ = drawn([0.2, .infinity, -.infinity, 2, -3, nil], width, height)
      }
    }
  }
}
