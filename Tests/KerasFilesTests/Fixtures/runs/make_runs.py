"""Writes what Keras prints for the scripts beside this file, as NAME.txt.

Made with Keras 3.15.1 on JAX: KERAS_BACKEND=jax COLUMNS=80 python make_runs.py
"""

import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).parent
for script in sorted(here.glob("*.py")):
    if script.name != pathlib.Path(__file__).name:
        output = subprocess.run([sys.executable, script], capture_output=True, check=True).stdout
        script.with_suffix(".txt").write_bytes(output)
