from harness import *  # noqa: F401,F403  the fixtures, for every suite beside this file
