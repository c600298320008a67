/// The functions that are the same in every training script.
extension TrainingPlan {
  static let loadFunction = """
    def load_arrays(files):
        \"""Opens the arrays of all inputs and targets, in their order.

        A .npy holds one array; a .npz holds several, by name or in order. What stands in a
        .npy is read when it is needed: it may be larger than the memory.
        \"""
        names = [*INPUTS, *TARGETS]
        found, unnamed = {}, []
        for file in files:
            try:
                opened = np.load(file, mmap_mode="r")
                if isinstance(opened, np.ndarray):
                    unnamed.append(opened)
                    continue
                for name in opened.files:
                    if name in names:
                        found[name] = opened[name]
                    else:
                        unnamed.append(opened[name])
            except (OSError, ValueError, EOFError) as error:
                sys.exit(f"{file}: {error}")
        missing = [name for name in names if name not in found]
        if len(unnamed) != len(missing):
            count = len(found) + len(unnamed)
            wanted = ", ".join(names)
            sys.exit(f"--data: expected an array for each of {wanted}, found {count}")
        found.update(zip(missing, unnamed))
        return [found[name] for name in names]
    """

  static let checkFunction = """
    def check_arrays(arrays):
        \"""Ends the program where an array does not fit the model.\"""
        samples = arrays[0].shape[0] if arrays[0].ndim else 0
        for array, (name, (shape, _)) in zip(arrays, [*INPUTS.items(), *TARGETS.items()]):
            found = f"found the shape {array.shape}"
            if array.shape[:1] != (samples,):
                sys.exit(f"{name}: expected {samples} samples, {found}")
            if shape is None:
                continue
            # Keras itself adds a last axis of size 1, or takes it away.
            size = array.shape[1:]
            forms = [size, (*size, 1), size[:-1] if size[-1:] == (1,) else size]
            if not any(
                len(form) == len(shape)
                and all(wanted in (None, axis) for wanted, axis in zip(shape, form))
                for form in forms
            ):
                wanted = ", ".join("any" if axis is None else str(axis) for axis in shape)
                sys.exit(f"{name}: expected samples of ({wanted}), {found}")
    """

  static let placeClass = """
    class Place(NamedTuple):
        \"""How many devices and processes there are, and which process this one is.\"""

        devices: int = 1
        process: int = 0
        processes: int = 1
    """

  static let writeFunction = """
    def write_whole(path, write):
        \"""Writes a file whole: under another name first, which then is replaced.\"""
        partial = path.with_name(f"partial-{path.name}")
        # The other processes save nothing: saving must not wait for them.
        distribution = keras.distribution.distribution()
        keras.distribution.set_distribution(None)
        try:
            write(partial)
        finally:
            keras.distribution.set_distribution(distribution)
        with open(partial, "rb") as file:
            os.fsync(file.fileno())
        os.replace(partial, path)
    """

  static let checkpointClass = """
    class Checkpoint(keras.callbacks.Callback):
        \"""Keeps weights and optimizer after each epoch, in one file named after the epoch.

        Whenever the process is killed, the newest file is whole; the one before it is kept
        as well.
        \"""

        def __init__(self, folder, history):
            super().__init__()
            self.folder, self.history = folder, history

        def on_epoch_end(self, epoch, logs=None):
            for name, value in (logs or {}).items():
                self.history.setdefault(name, []).append(float(value))
            text = json.dumps(self.history, indent=2) + "\\n"
            write_whole(self.folder / "history.json", lambda path: path.write_text(text))
            write_whole(checkpoint(self.folder, epoch + 1), self.model.save_weights)
            for old in sorted(self.folder.glob("epoch-*.weights.h5"))[:-2]:
                old.unlink()
    """

  static let resumeFunction = """
    def checkpoint(folder, epoch):
        \"""Names the file that holds the state after so many epochs.\"""
        return folder / f"epoch-{epoch:06}.weights.h5"


    def last_epoch(folder, place):
        \"""Looks how many epochs are done, and what came of them.\"""
        files = sorted(folder.glob("epoch-*.weights.h5"))
        done = int(files[-1].name[len("epoch-") :].split(".")[0]) if files else 0
        if place.processes > 1:
            from jax.experimental import multihost_utils

            if len(set(multihost_utils.process_allgather(np.array(done)).tolist())) > 1:
                sys.exit(f"{folder}: the processes do not see the same files there")
        history = {}
        if done and (folder / "history.json").exists():
            history = json.loads((folder / "history.json").read_text())
        # The history is written first: it may be an epoch ahead.
        return done, {name: values[:done] for name, values in history.items()}


    def load_weights(model, file):
        \"""Loads weights, or says why they do not fit.\"""
        if not Path(file).is_file():
            sys.exit(f"{file}: no such file; name one with --weights, or none")
        try:
            model.load_weights(file)
        except (OSError, ValueError, KeyError) as error:
            sys.exit(f"{file}: not the weights of this model: {str(error).splitlines()[0]}")


    def resume(model, folder, done):
        \"""Loads the state after so many epochs.\"""
        try:
            model.load_weights(checkpoint(folder, done))
        except (OSError, ValueError, KeyError) as error:
            reason = str(error).splitlines()[0]
            sys.exit(f"{folder}: no training of this model, choose another --out: {reason}")
    """
}
