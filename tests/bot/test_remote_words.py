"""What the running bot refuses is told in the language of whoever typed the command."""

import pytest

from bot.errors import Refused, Told
from bot.operations import remote, sockets
from bot.telling import told
from surveys.messages import Language
from templates.texts import Texts
from tests.bot.world import World


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "Кампании 1234 нет: otklik campaign list."),
        ("en", "There is no campaign 1234: otklik campaign list."),
    ],
)
async def test_a_refusal_of_the_running_bot_is_in_the_language_of_the_command(
    world: World, language: Language, said: str
) -> None:
    request = {
        "operation": "campaign_status",
        "arguments": {"campaign": 1234},
        "language": language,
    }
    async with world.bot():
        with pytest.raises(Told) as refused:
            await remote._ask(sockets.sockets(world.settings)[0], request)
    assert told(Texts(language), refused.value) == said


async def test_a_request_that_makes_no_sense_is_told_kindly(world: World) -> None:
    async with world.bot():
        with pytest.raises(Told, match="другой версии"):
            await remote._ask(
                sockets.sockets(world.settings)[0],
                {"operation": "nothing", "arguments": {}, "language": "ru"},
            )


async def test_what_is_too_much_for_the_running_bot_is_told_before_it_is_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "_LARGEST_REQUEST", 40)
    request = {"operation": "import_history", "arguments": {"rows": list(range(50))}}
    with pytest.raises(Refused, match="stop it, say this again"):
        await remote._ask(sockets.shared_name(world.settings), request)
