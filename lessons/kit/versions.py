"""The versions a lesson runs on: the first thing to compare when two machines disagree."""

import platform

import keras
import numpy as np
import tensorflow as tf


def versions() -> dict[str, str]:
    """Return the versions of Python, NumPy, Keras and TensorFlow."""
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
    }


def show_versions() -> None:
    """Print the versions in one line, and a warning when Keras is older than 3."""
    found = versions()
    print(
        f"Python {found['python']} · TensorFlow {found['tensorflow']} · Keras {found['keras']} · NumPy {found['numpy']}"
    )
    if int(found["keras"].split(".")[0]) < 3:
        print("Aviso: estas lecciones se escribieron para Keras 3; con una versión anterior verás otros resultados.")
