"""What the tests of this folder share."""

import bot.telegram  # before aiogram: it lets aiogram's types wait, which take seconds to build
from tests.telegram import ann, api, sandbox, sim

__all__ = ["ann", "api", "bot", "sandbox", "sim"]
