"""aiogram's types are built when they are used, and are what they would be."""

import subprocess

from tests.forked import ROOT, STARTED

BUILT = """
import bot.telegram
from aiogram import methods, types
from pydantic import BaseModel
known = [*vars(types).values(), *vars(methods).values()]
models = [one for one in known if isinstance(one, type) and issubclass(one, BaseModel)]
assert len(models) > 400
print(sum(one.__pydantic_complete__ for one in models))
chat, user = {"id": 4, "type": "private"}, {"id": 4, "is_bot": False, "first_name": "x"}
message = {"message_id": 2, "date": 3, "text": "ё", "chat": chat, "from": user}
update = types.Update.model_validate({"update_id": 1, "message": message})
assert isinstance(update.message.chat, types.Chat)
assert isinstance(update.message.from_user, types.User)
scope = types.BotCommandScopeChat(chat_id=4)
assert methods.SetMyCommands(commands=[], scope=scope).scope is scope
for model in models:
    if not model.__pydantic_generic_metadata__["parameters"]:
        model.model_rebuild()
print([one for one in models if not one.__pydantic_complete__])
"""


def _printed(program: str) -> list[str]:
    done = subprocess.run(
        [STARTED, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_few_types_are_built_at_the_start_and_each_can_be() -> None:
    at_start, missing = _printed(BUILT)
    assert int(at_start) < 200
    assert missing == "[]"
