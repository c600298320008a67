"""Makes `.keras` files that want to do harm, or are damaged, into `hostile/`.

Each is a small Dense model whose archive, HDF5 file or config was tampered with. Needs h5py and
NumPy: KERAS_BACKEND=jax python3 make_hostile_files.py (written with h5py 3.16).
"""

import io
import json
import pathlib
import struct
import zipfile
import zlib

import h5py
import numpy as np

FOLDER = pathlib.Path(__file__).parent / "hostile"
KERNEL = "layers/dense/vars/0"
BIAS = "layers/dense/vars/1"


def dense(units=2, **config):
    return {
        "module": "keras.layers", "class_name": "Dense", "registered_name": None,
        "config": {"name": "dense", "units": units, **config},
        "build_config": {"input_shape": [None, 3]},
    }


def config(*layers):
    first = {
        "module": "keras.layers", "class_name": "InputLayer", "registered_name": None,
        "config": {"batch_shape": [None, 3], "dtype": "float32", "name": "input"},
    }
    return {
        "module": "keras", "class_name": "Sequential", "registered_name": None,
        "config": {"name": "hostile", "layers": [first, *(layers or [dense()])]},
    }


def arrays(change=None, libver=None, **options):
    """The weights; `change` does to the file what it likes."""
    out = io.BytesIO()
    with h5py.File(out, "w", libver=libver, **options) as file:
        file[KERNEL] = np.arange(6, dtype="float32").reshape(3, 2)
        file[BIAS] = np.ones(2, "float32")
        if change:
            change(file)
    return out.getvalue()


def save(name, model=None, weights=None, compression=zipfile.ZIP_STORED, more=()):
    members = [
        ("metadata.json", b'{"keras_version": "3.15.1"}'),
        ("config.json", json.dumps(model or config()).encode()),
        ("model.weights.h5", arrays() if weights is None else weights),
        *more,
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for member, data in members:
            info = zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0))
            info.compress_type = compression
            archive.writestr(info, data)
    (FOLDER / name).write_bytes(out.getvalue())
    return out.getvalue()


# HDF5

def replaced(path, value):
    def change(file):
        del file[path]
        file[path] = value
    return change


def external_storage(file):
    del file[KERNEL]
    file.create_dataset(
        KERNEL, (3, 2), "float32", external=[("/etc/passwd", 0, h5py.h5f.UNLIMITED)])


def virtual(file):
    del file[KERNEL]
    layout = h5py.VirtualLayout((3, 2), "float32")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (3, 2))
    file.create_virtual_dataset(KERNEL, layout)


def huge(file):
    del file[KERNEL]
    file.create_dataset(KERNEL, (1 << 20, 1 << 20), "float32")


def huge_chunks(file):
    del file[KERNEL]
    file.create_dataset(
        KERNEL, (1 << 20, 1 << 20), "float32", chunks=(1 << 10, 1 << 10), compression="gzip")


def never_written(file):
    del file[KERNEL]
    file.create_dataset(KERNEL, (3, 2), "float32")


def link_in_path(file):
    file.move("layers/dense", "elsewhere")
    file["layers/dense"] = h5py.SoftLink("/elsewhere")


def cycle(file):
    file["layers/dense/again"] = file["layers"]


def make_hdf5():
    cases = {
        "external-link": replaced(KERNEL, h5py.ExternalLink("/etc/passwd", "/x")),
        "external-link-in-path": replaced("layers/dense", h5py.ExternalLink("other.h5", "/")),
        "soft-link": replaced(KERNEL, h5py.SoftLink("/" + BIAS)),
        "soft-link-in-path": link_in_path,
        "dangling-link": replaced(KERNEL, h5py.SoftLink("/nowhere")),
        "external-storage": external_storage,
        "virtual": virtual,
        "huge": huge,
        "huge-chunks": huge_chunks,
        "never-written": never_written,
        "texts": replaced(KERNEL, np.array([[b"a", b"b"]] * 3)),
        "compound": replaced(KERNEL, np.zeros((3, 2), [("a", "f4"), ("b", "i4")])),
        "group": replaced(KERNEL, h5py.SoftLink("/layers")),
        "missing": lambda file: file.__delitem__(KERNEL),
        "other-size": replaced(KERNEL, np.zeros((3, 5), "float32")),
        "no-axes": replaced(KERNEL, np.float32(1)),
        "whole-numbers": replaced(KERNEL, np.arange(6, dtype="int8").reshape(3, 2)),
        "rank-32": replaced(KERNEL, np.zeros((1,) * 32, "float32")),
    }
    for name, change in cases.items():
        save(f"hdf5-{name}.keras", weights=arrays(change))
    # Not hostile: these are read.
    good = {
        "cycle": cycle,
        "packed": lambda file: (
            file.__delitem__(KERNEL),
            file.create_dataset(
                KERNEL, data=np.arange(6, dtype="float32").reshape(3, 2), chunks=(2, 1),
                compression="gzip", shuffle=True, fletcher32=True)),
        "float64": replaced(KERNEL, np.arange(6, dtype="float64").reshape(3, 2)),
        "float16": replaced(KERNEL, np.arange(6, dtype="float16").reshape(3, 2)),
        "big-endian": replaced(KERNEL, np.arange(6, dtype=">f4").reshape(3, 2)),
    }
    for name, change in good.items():
        save(f"good-{name}.keras", weights=arrays(change))
    save("good-latest.keras", weights=arrays(libver="latest"))
    save("good-deflated.keras", compression=zipfile.ZIP_DEFLATED)
    whole = arrays()
    save("hdf5-empty.keras", weights=b"")
    save("hdf5-cut.keras", weights=whole[: len(whole) // 2])
    save("hdf5-signature.keras", weights=whole[:8] + bytes(2000))
    save("hdf5-text.keras", weights=b"these are no weights" * 50)
    save("hdf5-other-format.keras", weights=b"PK\3\4" + whole)


# Zip

def make_zip():
    good = save("good.keras")
    save("zip-no-config.keras")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("model.weights.h5", arrays())
    (FOLDER / "zip-no-config.keras").write_bytes(out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("config.json", json.dumps(config()))
    (FOLDER / "zip-no-weights.keras").write_bytes(out.getvalue())
    save("zip-parent.keras", more=[("../evil.json", b"{}")])
    save("zip-absolute.keras", more=[("/etc/cron.d/evil", b"{}")])
    save("zip-backslash.keras", more=[("..\\evil.json", b"{}")])
    save("zip-twice.keras", more=[("config.json", b"{}")])
    # 16 MB of zeros in 16 KB.
    save("zip-bomb.keras", weights=bytes(16 << 20), compression=zipfile.ZIP_DEFLATED)
    save("zip-bomb-config.keras", model={"x": " " * (20 << 20)}, compression=zipfile.ZIP_DEFLATED)
    save("zip-bzip2.keras", compression=zipfile.ZIP_BZIP2)
    (FOLDER / "zip-cut.keras").write_bytes(good[: len(good) * 3 // 4])
    (FOLDER / "zip-prefix.keras").write_bytes(b"#!/bin/sh\n" + good)
    encrypted = bytearray(good)
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = encrypted.find(signature)
        while place >= 0:
            encrypted[place + offset] |= 1
            place = encrypted.find(signature, place + 4)
    (FOLDER / "zip-encrypted.keras").write_bytes(encrypted)
    sized = bytearray(good)
    place = sized.rfind(b"PK\1\2")
    sized[place + 24 : place + 28] = struct.pack("<I", 1 << 31)
    (FOLDER / "zip-size.keras").write_bytes(sized)
    damaged = bytearray(good)
    place = damaged.find(struct.pack("<6f", *range(6)))
    damaged[place + 5] ^= 0xFF
    (FOLDER / "zip-checksum.keras").write_bytes(damaged)
    # Many members over the same bytes.
    data = zlib.compress(bytes(1 << 20), 9)[2:-4]
    local = struct.pack(
        "<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 33, zlib.crc32(bytes(1 << 20)), len(data),
        1 << 20, 11, 0) + b"config.json" + data
    central = b"".join(
        struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 33, zlib.crc32(bytes(1 << 20)),
            len(data), 1 << 20, 11 if i == 0 else 5, 0, 0, 0, 0, 0, 0)
        + (b"config.json" if i == 0 else b"x%04d" % i) for i in range(1000))
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1000, 1000, len(central), len(local), 0)
    (FOLDER / "zip-overlap.keras").write_bytes(local + central + end)


# Config

def layer(module, class_name, registered=None, **settings):
    return {
        "module": module, "class_name": class_name, "registered_name": registered,
        "config": {"name": "evil", **settings},
    }


def make_config():
    code = {
        "class_name": "__lambda__",
        "config": {"code": "4wEAAAAAAAAAAAAAAAEAAAADAAAA8wgAAACXAHwAUwApAU4=", "defaults": None,
                   "closure": None},
    }
    evil = {
        "lambda": layer("keras.layers", "Lambda", function=code),
        "os-system": layer("os", "system", command="touch /tmp/unroll-was-here"),
        "builtins-eval": layer("builtins", "eval", source="1"),
        "get-file": layer(
            "keras.utils", "get_file", fname="x", origin="http://localhost/x"),
        "unsafe": layer("keras.config", "enable_unsafe_deserialization"),
        "function": layer("builtins", "function", function="os.system"),
        "registered": layer(None, "system", registered="os>system"),
        "string-lookup": layer(
            "keras.layers", "StringLookup", vocabulary="/etc/passwd", max_tokens=None,
            num_oov_indices=1, mask_token=None, oov_token="[UNK]", invert=False,
            output_mode="int", sparse=False, pad_to_max_tokens=False, idf_weights=None,
            encoding="utf-8"),
    }
    for name, one in evil.items():
        save(f"config-{name}.keras", model=config(dense(), one))
    nested = dense()
    nested["config"]["activation"] = {
        "module": "builtins", "class_name": "function", "config": "exec",
        "registered_name": "function"}
    save("config-activation.keras", model=config(nested))
    for units in (0, -1, 10**12, 2**62, "many", None, 1.5):
        save(f"config-units-{units}.keras", model=config(dense(units)))
    (FOLDER / "config-deep.keras").unlink(missing_ok=True)
    deep = "[" * 100000
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", deep)
        archive.writestr("model.weights.h5", arrays())
    (FOLDER / "config-deep.keras").write_bytes(out.getvalue())
    save("config-number.keras", model=3)
    save("config-list.keras", model=["no", "model"])


def main():
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.keras"):
        old.unlink()
    make_hdf5()
    make_zip()
    make_config()
    total = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(len(list(FOLDER.iterdir())), "files,", total, "bytes")


main()
