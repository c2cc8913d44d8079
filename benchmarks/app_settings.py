"""The settings of the product, and each answer says how many statements it took."""

from stutensee_im.settings import *  # noqa: F403
from stutensee_im.settings import MIDDLEWARE

MIDDLEWARE = ["benchmarks.counting.CountQueries", *MIDDLEWARE]
