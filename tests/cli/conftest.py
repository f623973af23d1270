from harness import *  # noqa: F401,F403  the fixtures, for every suite beside this file
from one_family import family, family_small  # noqa: F401
