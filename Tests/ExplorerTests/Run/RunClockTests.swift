import Testing

@testable import Explorer

@Suite struct Clock {
  @Test func bothDirectionsStartAtTheSameTimeFromTheTwoEnds() {
    let clock = RunClock(timesteps: 128)
    #expect(clock.timestep(isBackward: false) == 0)
    #expect(clock.timestep(isBackward: true) == 127)
    #expect(clock.read(isBackward: false) == 0..<1)
    #expect(clock.read(isBackward: true) == 127..<128)
  }

  @Test func bothHaveReadTheMiddleHalfwayAndNothingElse() {
    let clock = RunClock(timesteps: 128, s: 64)
    let both = clock.read(isBackward: false).clamped(to: clock.read(isBackward: true))
    #expect(both == 63..<65)
  }

  @Test func atTheEndBothHaveReadEverything() {
    let clock = RunClock(timesteps: 5, s: 99)
    #expect(clock.s == 4 && clock.isOver)
    #expect(clock.read(isBackward: false) == 0..<5)
    #expect(clock.read(isBackward: true) == 0..<5)
  }

  @Test func oneTimestepIsStartAndEnd() {
    let clock = RunClock(timesteps: 1, s: -3)
    #expect(clock.s == 0 && clock.isOver)
    #expect(clock.timestep(isBackward: true) == 0)
  }

  @Test func theStepThatReadsATimestepLeadsBackToIt() {
    for t in 0..<7 {
      for isBackward in [false, true] {
        let s = RunClock(timesteps: 7).step(reading: t, isBackward: isBackward)
        #expect(RunClock(timesteps: 7, s: s).timestep(isBackward: isBackward) == t)
      }
    }
  }
}

@Suite struct Columns {
  @Test func aShortSequenceStandsAsFarApartAsItsNumbers() {
    let columns = TimeColumns(timesteps: 12, width: 72, zoom: .whole, around: 0)
    #expect(columns.pitch == 6 && columns.count == 12 && columns.isWhole)
  }

  @Test func aLongSequenceTakesSeveralTimestepsAColumnAndLosesNone() {
    for timesteps in [1, 2, 3, 11, 71, 72, 73, 128, 1000, 999_983] {
      for width in [1, 2, 28, 52, 70, 132] {
        let columns = TimeColumns(timesteps: timesteps, width: width, zoom: .whole, around: 0)
        #expect(columns.isWhole)
        #expect(columns.width <= max(width + columns.pitch - 1, width))
        let covered = (0..<columns.count).map { columns.steps($0) }
        #expect(covered.first?.lowerBound == 0 && covered.last?.upperBound == timesteps)
        #expect(zip(covered, covered.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
      }
    }
  }

  @Test(arguments: [Zoom.columns, .cells, .wide, .numbers])
  func thePlayheadIsAlwaysOnTheScreen(zoom: Zoom) {
    for timesteps in [1, 5, 40, 128, 1001] {
      for width in [1, 9, 30, 70] {
        for t in Swift.stride(from: 0, to: timesteps, by: max(timesteps / 50, 1)) {
          let columns = TimeColumns(timesteps: timesteps, width: width, zoom: zoom, around: t)
          #expect(columns.column(of: t) != nil)
          #expect(columns.first >= 0 && columns.visible.upperBound <= timesteps)
        }
      }
    }
  }

  @Test func mostOfTheScreenStandsStillWhileThePlayheadMoves() {
    let starts = (0..<128).map {
      TimeColumns(timesteps: 128, width: 70, zoom: .wide, around: $0).first
    }
    #expect(Set(starts).count < 30)
  }
}
