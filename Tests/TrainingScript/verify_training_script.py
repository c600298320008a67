"""Trains with the scripts that `unroll convert MODEL train.py --training` writes, in real Keras.

    python verify_training_script.py UNROLL [--quick] [--only NAME...]

UNROLL is the program. Two devices are made of one CPU. Written against Keras 3.15.1 on JAX 0.10;
needs both. Ends with exit code 0 where every check holds, 77 where Keras or JAX is missing.
"""

import argparse
import importlib.util
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent.parent / "samples"
TWO = "--xla_force_host_platform_device_count=2"

# Runs a script and tells where its arrays are: on how many devices the weights stand, and how
# many samples of a batch each device holds.
PROBE = """
import json, runpy, sys
import jax
seen = {"batch": [], "weights": 0}
make = jax.make_array_from_process_local_data
def noting(layout, local, *rest, **more):
    array = make(layout, local, *rest, **more)
    seen["batch"].append([shard.data.shape[0] for shard in array.addressable_shards])
    return array
jax.make_array_from_process_local_data = noting
sys.argv = sys.argv[1:]
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
fit = keras.Model.fit
def noting_fit(self, *rest, **more):
    result = fit(self, *rest, **more)
    seen["weights"] = min(len(v.value.sharding.device_set) for v in self.trainable_variables)
    return result
keras.Model.fit = noting_fit
runpy.run_path(sys.argv[0], run_name="__main__")
print("SEEN " + json.dumps(seen))
"""


class Failed(Exception):
    pass


def check(holds, message):
    if not holds:
        raise Failed(message)


class Case:
    """One model with its data in a folder, and the script that trains it."""

    def __init__(self, unroll, name):
        self.unroll, self.name = unroll, name
        self.folder = Path(tempfile.mkdtemp(prefix=f"unroll-training-{name}-"))

    def path(self, name):
        return self.folder / name

    def arrays(self, *arrays):
        """Saves arrays as .npy; their paths."""
        import numpy as np

        paths = []
        for index, array in enumerate(arrays):
            paths.append(self.path(f"array{index}.npy"))
            np.save(paths[-1], array)
        return paths

    def convert(self, model, *options, data=()):
        command = [self.unroll, "convert", str(model), str(self.path("train.py")), "--training"]
        command += list(options) + (["--data", *map(str, data)] if data else [])
        done = subprocess.run(command, capture_output=True, text=True)
        check(done.returncode == 0, f"convert: {done.stderr}")
        check(done.stdout == "", f"convert writes to standard output: {done.stdout}")
        self.check_source()
        return done.stderr

    def check_source(self):
        """Valid Python, every import used, no line that is too long for most tools."""
        import ast

        source = self.path("train.py").read_text()
        tree = ast.parse(source)
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    name = (alias.asname or alias.name).split(".")[0]
                    check(name in names, f"unused import {name}")

    def command(self, *options, out="out", script="train.py"):
        return [str(self.path(script)), "--out", str(self.path(out)), *map(str, options)]

    def run(self, *options, out="out", devices=2, probe=False, fails=False):
        start = [sys.executable]
        if probe:
            self.path("probe.py").write_text(PROBE)
            start += [str(self.path("probe.py"))]
        done = subprocess.run(
            start + self.command(*options, out=out),
            capture_output=True, text=True, env=environment(devices), timeout=600,
        )
        words = done.stdout + done.stderr
        check((done.returncode != 0) == fails, f"status {done.returncode}: {words[-3000:]}")
        return words

    def history(self, out="out"):
        return json.loads((self.path(out) / "history.json").read_text())


def environment(devices):
    variables = dict(os.environ, KERAS_BACKEND="jax", TF_CPP_MIN_LOG_LEVEL="3")
    variables["XLA_FLAGS"] = TWO if devices == 2 else ""
    return variables


def same(a, b, tolerance):
    import numpy as np

    check(a.keys() == b.keys(), f"results {sorted(a)} and {sorted(b)}")
    worst = 0.0
    for name in a:
        check(len(a[name]) == len(b[name]), f"{name}: {len(a[name])} and {len(b[name])} epochs")
        worst = max(worst, float(np.max(np.abs(np.array(a[name]) - np.array(b[name])))))
    check(worst <= tolerance, f"results differ by {worst}")
    return worst


def compare_devices(case, *options, epochs=3, tolerance=2e-4):
    """Two devices do what one does, and both of them work."""
    words = case.run("--epochs", epochs, *options, probe=True)
    seen = json.loads(words.split("SEEN ")[1].splitlines()[0])
    check(seen["weights"] == 2, f"weights stand on {seen['weights']} devices")
    check(all(len(set(one)) == 1 and len(one) == 2 for one in seen["batch"]), "uneven shards")
    check("2 devices" in words, words)
    words = case.run("--epochs", epochs, *options, out="one", devices=1)
    check("one device" in words, words)
    worst = same(case.history(), case.history("one"), tolerance)
    return f"2 devices like 1 within {worst:.1e}"


# MARK: Models


def lstm_model():
    import keras
    from keras import layers

    keras.utils.clear_session()
    model = keras.Sequential(
        [
            keras.Input((12, 4)),
            layers.Bidirectional(layers.LSTM(8, dropout=0.1)),
            layers.Dropout(0.2),
            layers.BatchNormalization(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


def sequence_data(samples=96):
    import numpy as np

    rng = np.random.default_rng(1)
    x = rng.normal(size=(samples, 12, 4)).astype("float32")
    return x, (x.sum((1, 2)) > 0).astype("int32")


def check_bidirectional(case):
    model = lstm_model()
    model.save(case.path("model.keras"))
    case.convert(case.path("model.keras"), data=case.arrays(*sequence_data()))
    return compare_devices(case, "--validation-split", "0.25")


def check_kill_and_resume(case):
    """Killed at any moment, it ends with the numbers of a run that never was."""
    lstm_model().save(case.path("model.keras"))
    case.convert(case.path("model.keras"), data=case.arrays(*sequence_data()))
    epochs = 12
    case.run("--epochs", epochs, out="whole")
    kills = 0
    rng = random.Random(5)
    for wanted in (1, 4, 7, 9):
        process = subprocess.Popen(
            [sys.executable, *case.command("--epochs", epochs)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(2),
        )
        deadline = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < deadline:
            done = sorted(case.path("out").glob("epoch-*.weights.h5"))
            if done and int(done[-1].name[6:12]) >= wanted:
                break
            time.sleep(0.002)
        # Somewhere in the epoch that follows, or in its checkpoint.
        time.sleep(rng.random() * 0.05)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
    words = case.run("--epochs", epochs)
    check("goes on after epoch" in words, words)
    check(kills >= 2, f"only {kills} kills came in time")
    same(case.history("whole"), case.history(), 0.0)
    import keras
    import numpy as np

    whole = keras.models.load_model(case.path("whole") / "model.keras")
    parts = keras.models.load_model(case.path("out") / "model.keras")
    for a, b in zip(whole.weights, parts.weights):
        check(np.array_equal(a.numpy(), b.numpy()), f"{a.path} differs")
    check(not list(case.path("out").glob("partial-*")) or kills, "partial files are left")
    # Longer: it goes on from the end as well.
    case.run("--epochs", epochs + 2)
    check(len(case.history()["loss"]) == epochs + 2, "did not go on")
    return f"{kills} kills, the same numbers to the last bit"


def check_embedding(case):
    import keras
    import numpy as np
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32", name="words"),
            layers.Embedding(50, 8, mask_zero=True),
            layers.GRU(6, return_sequences=True),
            layers.Dense(5, activation="softmax"),
        ]
    )
    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 10, 0.9)
    model.compile(
        keras.optimizers.SGD(schedule, momentum=0.9, nesterov=True, clipnorm=1.0),
        keras.losses.SparseCategoricalCrossentropy(ignore_class=0),
    )
    model.save(case.path("model.keras"))
    rng = np.random.default_rng(2)
    x = rng.integers(1, 50, size=(80, 9))
    data = case.arrays(x, x % 5)
    case.convert(case.path("model.keras"), data=data)
    source = case.path("train.py").read_text()
    for words in ("ExponentialDecay", "nesterov=True", "clipnorm=1.0", "ignore_class=0"):
        check(words in source, f"no {words} in the script")
    return compare_devices(case, "--batch-size", "16")


def check_several_ends(case):
    import keras
    import numpy as np
    from keras import layers

    a = keras.Input((6, 3), name="series")
    b = keras.Input((2,), name="facts")
    merged = layers.concatenate([layers.LSTM(5)(a), layers.Dense(4)(b)])
    outputs = {
        "price": layers.Dense(1, name="price_layer")(merged),
        "kind": layers.Dense(3, activation="softmax", name="kind_layer")(merged),
    }
    model = keras.Model({"series": a, "facts": b}, outputs)
    model.compile(
        "rmsprop",
        loss={"price": "mae", "kind": "categorical_crossentropy"},
        loss_weights={"price": 0.5, "kind": 2.0},
        metrics={"price": ["mse"], "kind": ["accuracy"]},
    )
    model.save(case.path("model.keras"))
    rng = np.random.default_rng(3)
    samples = 64
    named = {
        "series": rng.normal(size=(samples, 6, 3)),
        "facts": rng.normal(size=(samples, 2)),
        "price_layer": rng.normal(size=(samples, 1)),
        "kind_layer": np.eye(3)[rng.integers(3, size=samples)],
    }
    np.savez(case.path("data.npz"), **named)
    case.convert(case.path("model.keras"), data=[case.path("data.npz")])
    return compare_devices(case)


def check_two_towers(case):
    import numpy as np

    rng = np.random.default_rng(4)
    x1, x2 = rng.random((40, 7, 300)), rng.random((40, 5, 300))
    y = rng.integers(2, size=40)
    case.convert(SAMPLES / "two_towers.py", data=case.arrays(x1, x2, y))
    return compare_devices(case, "--batch-size", "4", tolerance=1e-3)


def check_stateful(case):
    import keras
    import numpy as np
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((5, 2), batch_size=8),
            layers.LSTM(4, stateful=True),
            layers.Dense(1),
        ]
    )
    model.save(case.path("model.keras"))
    rng = np.random.default_rng(6)
    x = rng.normal(size=(44, 5, 2))
    note = case.convert(case.path("model.keras"), data=case.arrays(x, x[:, -1, :1]))
    check("mse" in note, f"the loss is not told: {note}")
    words = compare_devices(case)
    case.run("--epochs", 1, out="parts")
    case.run("--epochs", 3, out="parts")
    same(case.history(), case.history("parts"), 0.0)
    return words


def check_start(case):
    """The training starts from the model's weights, and from its optimizer's state."""
    import keras
    import numpy as np

    model = lstm_model()
    x, y = sequence_data()
    model.fit(x, y, epochs=2, verbose=0)
    steps = int(model.optimizer.iterations)
    model.save(case.path("model.keras"))
    data = case.arrays(x, y)
    for suffix in (".keras", ".weights.h5", ".h5"):
        start = case.path("start" + suffix)
        if suffix == ".keras":
            shutil.copy(case.path("model.keras"), start)
            case.convert(start, data=data)
        else:
            command = [case.unroll, "convert", str(case.path("model.keras")), str(start)]
            subprocess.run(command, check=True, capture_output=True)
            if suffix == ".h5":
                case.convert(start, data=data)
            else:
                command = [case.unroll, "convert", str(case.path("model.keras"))]
                command.append(str(case.path("model.py")))
                subprocess.run(command, check=True, capture_output=True)
                case.convert(case.path("model.py"), "--weights", str(start), data=data)
        out = "out" + suffix
        case.run("--epochs", 1, "--learning-rate", "1e-12", out=out)
        trained = keras.models.load_model(case.path(out) / "model.keras")
        for a, b in zip(model.trainable_weights, trained.trainable_weights):
            worst = float(np.max(np.abs(a.numpy() - b.numpy())))
            check(worst < 1e-6, f"{suffix}: {a.path} moved by {worst}")
        done = int(trained.optimizer.iterations) - 3
        wanted = 0 if suffix == ".h5" else steps
        check(done == wanted, f"{suffix}: the optimizer starts after {done} steps, not {wanted}")
    return "weights from .keras, .weights.h5 and .h5; the optimizer goes on"


def check_no_shape(case):
    import numpy as np

    case.path("model.py").write_text(
        "from keras import Sequential, layers\n"
        "model = Sequential([layers.LSTM(4), layers.Dense(2, activation='softmax')])\n"
    )
    rng = np.random.default_rng(8)
    x, y = rng.normal(size=(33, 5, 3)), rng.integers(2, size=33)
    case.convert(case.path("model.py"), data=case.arrays(x, y))
    words = case.run("--epochs", 2, "--batch-size", 7)
    check(len(case.history()["loss"]) == 2, "no two epochs")
    check("4/4" in words, "batches of 8: what 2 devices share")
    return "the shape of the data, odd numbers of samples and of a batch"


def check_messages(case):
    import numpy as np

    lstm_model().save(case.path("model.keras"))
    case.convert(case.path("model.keras"))
    x, y = sequence_data()
    wide = np.zeros((96, 12, 5), "float32")
    for arrays, words in (
        ((wide, y), "expected samples of (12, 4), found the shape (96, 12, 5)"),
        ((x, y[:-1]), "expected 96 samples, found the shape (95,)"),
        ((x,), "expected an array for each of input_layer, dense, found 1"),
    ):
        case.folder.joinpath("array1.npy").unlink(missing_ok=True)
        said = case.run("--data", *case.arrays(*arrays), fails=True)
        check(words in said and "Traceback" not in said, said)
    said = case.run(fails=True)
    check("name the data with --data" in said and "--demo" in said, said)
    said = case.run("--data", *case.arrays(x, y), "--weights", "none.keras", fails=True)
    check("none.keras: no such file" in said, said)
    said = case.run("--demo", "--epochs", 1)
    check((case.path("out") / "demo" / "model.keras").exists(), said)
    return "wrong data and arguments are one line"


def check_two_processes(case):
    """Two processes, as on two machines, do what one does."""
    lstm_model().save(case.path("model.keras"))
    case.convert(case.path("model.keras"), data=case.arrays(*sequence_data()))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def start(epochs, index):
        options = ["--epochs", epochs, "--coordinator", f"127.0.0.1:{port}"]
        options += ["--num-processes", 2, "--process-id", index, "--validation-split", "0.25"]
        return subprocess.Popen(
            [sys.executable, *case.command(*options)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment(1),
        )

    for epochs in (2, 3):
        processes = [start(epochs, index) for index in range(2)]
        said = [process.communicate(timeout=600)[0] for process in processes]
        check(all(process.returncode == 0 for process in processes), "\n".join(said)[-3000:])
    case.run("--epochs", 3, "--validation-split", "0.25", out="one", devices=1)
    return f"like one within {same(case.history(), case.history('one'), 2e-4):.1e}"


CHECKS = [
    check_bidirectional, check_kill_and_resume, check_embedding, check_several_ends,
    check_two_towers, check_stateful, check_start, check_no_shape, check_messages,
    check_two_processes,
]
QUICK = [check_bidirectional, check_kill_and_resume]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("unroll")
    parser.add_argument("--quick", action="store_true", help="the two most important checks")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="checks by name")
    args = parser.parse_args()
    os.environ.setdefault("KERAS_BACKEND", "jax")
    for module in ("keras", "jax"):
        if importlib.util.find_spec(module) is None:
            print(f"SKIPPED: {sys.executable} has no {module}: training scripts are not tried")
            sys.exit(77)
    checks = QUICK if args.quick else CHECKS
    if args.only:
        checks = [one for one in CHECKS if one.__name__[len("check_") :] in args.only]
    failures = 0
    for one in checks:
        name = one.__name__[len("check_") :]
        case = Case(os.path.abspath(args.unroll), name)
        start = time.monotonic()
        try:
            words = one(case)
            print(f"{name}: {words} ({time.monotonic() - start:.0f} s)", flush=True)
            shutil.rmtree(case.folder)
        except Failed as failure:
            failures += 1
            print(f"{name}: FAILED: {failure}\n  files: {case.folder}", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
