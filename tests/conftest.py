"""What holds for every test."""

from hypothesis import settings

settings.register_profile("otklik", deadline=None)  # a busy machine is no failure
settings.load_profile("otklik")
