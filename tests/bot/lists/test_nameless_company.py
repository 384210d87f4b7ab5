"""A company that has not said its name yet: nobody reads empty quotation marks."""

from dataclasses import replace

import pytest

from storage.database import open_database
from storage.people import workspace
from surveys.messages import LANGUAGES, Language
from surveys.survey.placeholders import Placeholders, fill
from templates.cards import LinkCard, render_cards
from tests.bot.world import ANNA, World


async def _forget_the_name(world: World) -> None:
    async with (
        open_database(world.settings.database_url) as database,
        database.transaction() as tx,
    ):
        await workspace.save(tx, replace(await workspace.get(tx), company=""))


async def test_invitations_questions_and_links_quote_nothing(world: World) -> None:
    await _forget_the_name(world)
    async with world.bot():
        await world.arrive("C1")
        links = await world.operate("issue_links", again=True)
        await world.launch("nps")
        texts = [one.text for one in world.sandbox.messages(ANNA)]
        texts += [row["text"] for row in links["links"]]
    asks = [text for text in texts if "Нам важно узнать Ваше мнение." in text]
    assert any("start=" in text for text in asks), "the text of a link"
    assert any("порекомендуете компанию" in text for text in asks), "the invitation"
    assert not [text for text in texts if "«»" in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_quote_nothing(language: Language) -> None:
    for link in ("https://t.me/bot?start=x", "https://example.com/a/x"):
        page = render_cards("", [LinkCard("Anna", "", link)], language)
        assert "«»" not in page
        assert ("нам важно" if language == "ru" else "we would like") in page


def test_a_questions_empty_quotation_marks_go() -> None:
    asked = "Порекомендуете компанию «{company}» друзьям?"
    assert fill(asked, Placeholders("")) == "Порекомендуете компанию друзьям?"
