import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent),
                str(pathlib.Path(__file__).resolve().parents[1] / "cli")]

from harness import *  # noqa: E402,F401,F403  the fixtures, for every suite beside this file
from world import own_world, plain_world, world, worlds_closed  # noqa: E402,F401

# The search for canaries goes over all that was answered before: it comes last on each engine.
LAST = "test_canaries"


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.stem == LAST)
