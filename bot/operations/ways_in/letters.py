"""The piece of HTML that a company puts into its own letters: a link for each answer."""

from bot.says.greeting import asks_opinion, hello
from storage.people.people import Person
from storage.people.workspace import Workspace
from surveys.survey import flow
from surveys.survey.definition import Points, Survey, localized
from surveys.survey.placeholders import Placeholders, fill
from templates.letter import Letter, render_letter
from templates.texts import Texts


def letter_of(
    person: Person, link: str, survey: Survey | None, manager: str, space: Workspace, texts: Texts
) -> str:
    """Return what to paste into a letter to somebody whose page `link` opens.

    With a survey that begins with a scale each of its numbers is a link, which opens the page with
    that number proposed; nothing is recorded before the tap there.
    """
    asks = asks_opinion(texts, space.company)
    first = None if survey is None else survey.questions[0]
    question = low = high = ""
    numbers = range(0)
    if survey is not None and isinstance(first, Points):
        filled = Placeholders(space.company, person.first_name or "", manager)
        question = fill(localized(flow.wording(first, {}), texts.language), filled)
        low = fill(localized(first.low_label, texts.language), filled)
        high = fill(localized(first.high_label, texts.language), filled)
        numbers = range(first.low, first.high + 1)
    name = None if survey is not None and survey.anonymous else person.first_name
    return render_letter(
        Letter(
            greeting=f"{hello(texts, name)} {asks}",
            question=question,
            low=low,
            high=high,
            links=[(str(number), f"{link}/{number}") for number in numbers],
            link=link,
            language=texts.language,
        )
    )
