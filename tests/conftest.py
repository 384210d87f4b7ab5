"""What holds for every test."""

import os

from hypothesis import settings

os.environ["OTKLIK_LANGUAGE"] = "en"  # what a test asserts is English unless it says otherwise

settings.register_profile("otklik", deadline=None)  # a busy machine is no failure
settings.load_profile("otklik")
