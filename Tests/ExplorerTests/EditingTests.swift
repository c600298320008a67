import Neural
import Screen
import Testing

@testable import Explorer

@Suite struct Editing {
  @Test func aTypedValueRecomputesEverythingAndEnterMakesOneStepOfUndo() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("je64")
    #expect(probe.line(with: "▸ bidirectional").contains("(32, 128, 128)"))
    probe.press("<enter>")
    #expect(probe.line(with: "▸ bidirectional").contains("64→ 64←"))
    probe.press("u")
    #expect(probe.line(with: "▸ bidirectional").contains("50→ 50←"))
    probe.press("<ctrl-r>")
    #expect(probe.line(with: "▸ bidirectional").contains("64→ 64←"))
  }

  @Test func anInvalidValueShowsItsErrorInPlaceAndChangesNothing() {
    var probe = ExplorerProbe(bidirectionalModel())
    for (typed, words) in [
      ("0", "at least 1"), ("-3", "at least 1"), ("abc", "whole number"),
      ("4611686018427387904", "at most"), ("99999999999999999999", "whole number"),
    ] {
      probe.press("ge<esc>je" + typed)
      #expect(probe.screen.contains("✗"), "\(typed)")
      #expect(probe.screen.replacing("\n", with: " ").contains(words.split(separator: " ")[0]))
      #expect(probe.line(with: "▸ bidirectional").contains("(32, 128, 100)"), "\(typed)")
      probe.press("<enter>")
      #expect(probe.line(with: "▸ bidirectional").contains("(32, 128, 100)"), "\(typed)")
      probe.press("<esc>")
      #expect(!probe.state.document.isModified)
    }
  }

  @Test func aTrillionUnitsShowTheirExactCount() {
    var probe = ExplorerProbe(bidirectionalModel(), size: (160, 40))
    probe.press("jbe1000000000000<enter>")
    // 4 × ((20 + 10^12) × 10^12 + 10^12)
    #expect(probe.screen.contains("4,000,000,000,084,000,000,000,000"))
  }

  @Test func thePickerShowsShapesAndReasonsAndAddsBelow() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("ja")
    #expect(probe.line(with: "▸ LSTM").contains("(32, 32)"))
    #expect(probe.line(with: "Concatenate ").contains("✗"))
    probe.press("gru<enter>")
    #expect(probe.line(with: "▸ gru").contains("(32, 32)"))
    #expect(probe.state.cursor.selection == 2)
    probe.press("u")
    #expect(!probe.screen.contains("▸ gru"))
  }

  @Test func addAboveStandsBeforeTheSelectedLayer() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("jAdense<enter>")
    #expect(probe.state.cursor.selection == 1)
    #expect(probe.line(with: "▸ dense").contains("(32, 128, 32)"))
  }

  @Test func deleteCopyPasteAndMoveKeepTheChain() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("jjd")
    #expect(!probe.screen.contains("▸ batch_normalization"))
    probe.press("p")
    #expect(probe.line(with: "▸ batch_normalization").contains("400"))
    probe.press("yp")
    #expect(probe.screen.contains("batch_normalization_1"))
    probe.press("K")
    let names = probe.state.model.nodes.keys.compactMap { probe.state.model.layer(of: $0)?.name }
    #expect(
      names.firstIndex(of: "batch_normalization_1") ?? 9 < names.firstIndex(
        of: "batch_normalization") ?? 0)
  }

  @Test func theInputIsNeverDeleted() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("d")
    #expect(probe.screen.contains("the input stays"))
    #expect(probe.state.model == bidirectionalModel())
  }

  @Test func timeDistributedWrapsAndUnwraps() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("jadense<enter>t")
    #expect(probe.screen.contains("time_distributed · Dense"))
    probe.press("t")
    #expect(probe.line(with: "▸ dense").contains("(32, 128, 32)"))
  }

  @Test func quittingAsksOnlyWhereWorkWouldBeLost() {
    var probe = ExplorerProbe(bidirectionalModel(), path: "m.json")
    probe.press("q")
    #expect(probe.effects == [.quit])
    probe.effects = []
    probe.press("jrq")
    #expect(probe.effects.isEmpty)
    #expect(probe.screen.contains("unsaved changes"))
    probe.press("<esc>q")
    probe.press("y")
    #expect(probe.effects == [.quit])
  }

  @Test func savingIsAnEffectAndItsEndMarksTheDocumentSaved() {
    var probe = ExplorerProbe(bidirectionalModel(), path: "m.json")
    probe.press("jr:w x.json<enter>")
    let model = probe.state.model
    #expect(
      probe.effects == [.save(model, path: "x.json", overwrite: false, thenQuit: false)])
    #expect(probe.state.document.isModified)
    _ = update(&probe.state, .saved(model: model, path: "x.json", note: nil, thenQuit: false))
    #expect(!probe.state.document.isModified)
    #expect(probe.screen.contains("x.json"))
  }

  @Test func aFailedSaveLeavesTheDocumentUnsaved() {
    var probe = ExplorerProbe(bidirectionalModel(), path: "m.json")
    probe.press("jr<ctrl-s>")
    _ = update(&probe.state, .saveFailed("m.json: the disk is full"))
    #expect(probe.state.document.isModified)
    #expect(probe.screen.contains("the disk is full"))
  }

  @Test func aThousandStepsAreUndoneToTheStart() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("j" + String(repeating: "r", count: 1200))
    probe.press(String(repeating: "u", count: 1200))
    #expect(probe.state.model == bidirectionalModel())
    #expect(!probe.state.document.isModified)
  }

  @Test func anUnknownCommandSaysWhichOneWasMeant() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press(":modle x<enter>")
    #expect(probe.screen.contains("did you mean :model?"))
  }

  @Test func tabCompletesCommandsSettingsAndValues() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("j:set merge<tab>")
    #expect(probe.screen.contains(":set merge_mode"))
    probe.press(" s<tab><enter>")
    #expect(probe.line(with: "▸ bidirectional").contains("(32, 128, 50)"))
  }

  @Test func randomKeysNeverTrapAndUndoLeadsBack() {
    var generator = SplitMix64(state: 20)
    let keys: [Key] =
      "aAdypKJbtrmeuuu/n?:q12gGjkhl 50,2z[]i".map { Key.character($0) } + [
        .enter, .escape, .tab, .up, .down, .left, .right, .backspace, .pageUp, .pageDown,
        .control("r"), .control("s"), .home, .end, .delete,
      ]
    for model in [bidirectionalModel(), twoTowersModel(), State.emptyModel] {
      var probe = ExplorerProbe(model)
      for step in 0..<4000 {
        let key = keys[Int(generator.next() % UInt64(keys.count))]
        _ = update(&probe.state, .input(.key(key)))
        if step % 50 == 0 { _ = probe.canvas }
      }
      probe.press("<esc><esc><esc>")
      while probe.state.document.undo(selection: nil) != nil {}
      #expect(probe.state.model == model)
    }
  }
}

/// A small random generator with a seed, so that a failure can be seen again.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

@Suite struct Joining {
  @Test func aCopiedLayerCanBeJoinedBelowAnother() {
    var probe = ExplorerProbe(bidirectionalModel(), size: (160, 40))
    // A skip: the normalised sequence is added to what dropout makes of it.
    probe.press("jjyja")
    #expect(probe.line(with: "Add ").contains("(32, 128, 100)"))
    probe.press("add<enter>")
    let model = probe.state.model
    #expect(model.kind == .functional)
    #expect(probe.screen.contains("● add"))
    #expect(Analysis(of: model).firstError == nil)
    #expect(model.outputs.count == 1)
    probe.press("u")
    #expect(probe.state.model == bidirectionalModel())
  }

  @Test func aSecondTowerStartsWithAnInputAndJoinsTheFirst() {
    var probe = ExplorerProbe(bidirectionalModel(), size: (160, 40))
    probe.press(":add InputLayer<enter>")
    #expect(probe.state.model.inputs.count == 2)
    probe.press("agru<enter>")
    #expect(probe.screen.contains("● gru"))
    probe.press("r:set units 100<enter>y")
    probe.press("/dropout<enter>aconcat<enter>")
    #expect(probe.screen.contains("(32, 128, 200)"))
    #expect(probe.state.model.outputs.count == 1)
    #expect(Analysis(of: probe.state.model).firstError == nil)
  }

  @Test func aJoinWithoutAPartnerSaysHowToGetOne() {
    var probe = ExplorerProbe(bidirectionalModel())
    probe.press("jaconcatenate<enter>")
    #expect(probe.screen.contains("y on one layer, a on the other"))
    #expect(probe.state.model == bidirectionalModel())
  }
}
