"""Groups that get an admin's planned digests, and nothing else."""

from bot.sandbox.chats import ChatMessage
from tests.bot.reports.test_digests import _answer, _become_admin
from tests.bot.world import ADMIN, ANNA, BORIS, STRANGER, World

TITLE = "Отдел <b>продаж</b> & =1+1"


def _got(world: World, chat: int) -> list[str]:
    """Return what the bot sent into a chat."""
    found = [one.body for one in world.sandbox.messages(chat) if one.from_bot]
    return ["picture" if "photo" in one else "page" for one in found]


def _asked(world: World) -> ChatMessage:
    """Return the question about a group."""
    found = [one for one in world.sandbox.messages(ADMIN) if "добавили меня в группу" in one.text]
    return found[-1]


async def test_a_linked_group_gets_planned_digests_and_its_move_is_followed(world: World) -> None:
    async with world.bot():
        await _become_admin(world)
        await _answer(world)
        await world.forge(ADMIN, "1:m:subscribe:weekly:9")
        group = world.sandbox.add_group(TITLE, [ADMIN, STRANGER], supergroup=False)
        await world.settle()
        asked = _asked(world)
        assert TITLE in asked.text
        shown = await world.tap(ADMIN, "Да, присылать туда дайджесты")
        assert f"• {TITLE}" in shown.text
        other = world.sandbox.add_group("Ещё одна", [ADMIN])
        await world.settle()
        await world.pass_time(days=6)
        assert _got(world, group) == ["picture", "page"]
        assert "NPS" in world.sandbox.messages(group)[0].text
        moved = world.sandbox.migrate(group)
        await world.arrive("C2")
        await world.launch("nps")
        await world.tap(BORIS, "9")
        await world.pass_time(days=7)
        assert _got(world, moved) == ["picture", "page"]
        assert _got(world, other) == [], "it was asked about and not linked"
        await world.forge(ADMIN, "1:m:group_off:1", asked.message_id)
        await world.forge(ADMIN, "1:m:groups", asked.message_id)
        last = world.sandbox.message(ADMIN, asked.message_id)
        assert last is not None
        assert "ни в одну группу" in last.text


async def test_nobody_but_an_admin_links_a_group_and_nobody_there_is_answered(
    world: World,
) -> None:
    async with world.bot():
        await _become_admin(world)
        await world.arrive("C1")
        before = len(world.sandbox.messages(ANNA))
        group = world.sandbox.add_group("Чужая", [ANNA, ADMIN])
        await world.settle()
        assert len(world.sandbox.messages(ANNA)) == before
        assert "устарела" in await world.forge(ADMIN, "1:m:group_on:1")
        world.sandbox.say(ADMIN, "/digest", chat_id=group)
        await world.settle()
        assert _got(world, group) == []
