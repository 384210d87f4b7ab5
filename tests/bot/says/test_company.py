"""A company's name has inner quotation marks where it stands within others, and only there."""

import pytest

from bot.chat.people import forgetting_screens
from bot.says import survey_screens
from bot.says.survey_screens import ConsentReader
from storage.people.erasing import Erased
from surveys.messages import Language
from templates.texts import Texts

COMPANY = "ООО «Ромашка»"


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("channel", ["telegram", "web"])
@pytest.mark.parametrize("reader", ["customer", "staff", "expert"])
def test_the_first_screen_names_the_company_as_it_writes_itself(
    language: Language, channel: str, reader: ConsentReader
) -> None:
    shown = survey_screens.consent(Texts(language), COMPANY, channel, reader)
    assert shown.text.startswith(f"<b>{COMPANY}</b> ")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_so_does_the_question_whether_to_erase(language: Language) -> None:
    assert f" {COMPANY} " in forgetting_screens.own(Texts(language), Erased(1, 1), COMPANY).text
