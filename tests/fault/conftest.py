import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

from harness import *  # noqa: E402,F401,F403  the fixtures, for every suite beside this file
