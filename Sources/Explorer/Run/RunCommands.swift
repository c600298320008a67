import Neural
import Screen

/// The commands of the Run screen.
extension Command {
  static let run: [Description] = [
    .init(
      names: ["input"], usage: ":input WHAT",
      help: "sine, ramp, impulse 5, random 7, text hi, or FILE.npy"),
    .init(names: ["timesteps"], usage: ":timesteps N", help: "how long the input is"),
    .init(names: ["seed"], usage: ":seed N", help: "draw the weights anew from this number"),
    .init(names: ["goto"], usage: ":goto T", help: "move the playhead to a timestep"),
  ]

  /// Carries out a command of the Run screen.
  ///
  /// - Returns: whether it is one.
  static func runCommand(_ name: String, _ argument: String, _ state: inout State) -> Bool {
    switch name {
    case "input": setInput(argument, &state)
    case "timesteps": setTimesteps(argument, &state)
    case "seed": setSeed(argument, &state)
    case "goto": go(to: argument, &state)
    default: return false
    }
    return true
  }

  private static func setInput(_ text: String, _ state: inout State) {
    let middle = (state.runSubject?.timesteps ?? 0) / 2
    do throws(PassError) {
      let input = try RunInput.parse(text, middle: middle)
      state.run.input = input
      if input.hasLength { state.run.ownInput = input }
      // Files are read anew: they may have changed.
      if case .files = input { state.run.tryAgain() }
      state.done("runs on \(input.title)")
    } catch {
      state.fail(error.description)
    }
  }

  private static func setTimesteps(_ text: String, _ state: inout State) {
    guard state.model.hasFreeAxes else {
      setAxis("timesteps", .time, text, &state)
      return
    }
    guard let length = Int(text), (1...largestSize).contains(length) else {
      state.fail(
        "timesteps: expected a whole number from 1, found \(text.isEmpty ? "nothing" : text)")
      return
    }
    state.run.length = length
    state.done("runs on \(length) timesteps; the model still takes any number")
  }

  private static func setSeed(_ text: String, _ state: inout State) {
    guard let seed = UInt64(text) else {
      state.fail("seed: expected a whole number from 0, found \(text.isEmpty ? "nothing" : text)")
      return
    }
    let lost = state.document.stored == nil ? "" : ", not read from the file: u takes that back"
    state.document.drawAnew(from: seed, selection: state.selectedNode)
    state.done("weights are drawn from the seed \(seed)\(lost)")
  }

  private static func go(to text: String, _ state: inout State) {
    guard state.screen == .run, let subject = state.runSubject, let count = subject.timesteps else {
      state.fail("no timesteps here: 2 shows those of a recurrent layer")
      return
    }
    guard let t = Int(text), (0..<count).contains(t) else {
      state.fail(
        "goto: expected a timestep from 0 to \(count - 1), found \(text.isEmpty ? "nothing" : text)"
      )
      return
    }
    let isBackward = subject.cursorIsBackward(state.run.isBackward)
    moveClock(&state, to: subject.clock(0).step(reading: t, isBackward: isBackward))
  }
}
