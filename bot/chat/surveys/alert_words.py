"""Words of an edited survey that the staff is told of at once, such as «ухожу»."""

from bot.chat.surveys import setting_screens as pages
from bot.chat.surveys.editor_draft import awaited_by, draft_of, save, stale, wait_for
from bot.chat.surveys.survey_editor import mistakes_of
from bot.chat.visit import Visit
from bot.says.heard import Tap, Words
from bot.says.said import Change, Reply, Show
from bot.says.taps import MenuTap
from surveys.errors import SurveyInvalid
from surveys.survey import editing_survey as editing
from surveys.survey.cleaning import clean_text
from surveys.survey.editing import SurveyDraft

PART = "alert_words"


async def show(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the words, and take out the one whose button was tapped; what is typed is added."""
    draft = await draft_of(visit)
    if draft is None:
        return stale(visit)
    place = tap.button.number(0)
    if place is not None and place < len(draft.survey.alert_words):
        rest = [one for at, one in enumerate(draft.survey.alert_words) if at != place]
        draft = editing.with_setting(draft, PART, rest)
        await save(visit, draft)
    await wait_for(visit, {"question": "", "part": PART, "language": ""})
    return Change(pages.alert_words(visit.texts, draft.survey))


async def typed(said: Words, visit: Visit) -> Reply | None:
    """Add words, divided by commas or lines; None where they answer another question."""
    draft, awaited = await draft_of(visit), await awaited_by(visit)
    if draft is None or awaited is None or awaited.get("part") != PART:
        return None
    given = [clean_text(one) for one in said.text.replace("\n", ",").split(",")]
    every = list(dict.fromkeys([*draft.survey.alert_words, *filter(None, given)]))
    try:
        changed: SurveyDraft = editing.with_setting(draft, PART, every)
    except SurveyInvalid as error:
        problem = mistakes_of(visit.texts, error, draft)
        return Show(pages.alert_words(visit.texts, draft.survey, problem))
    await save(visit, changed)
    return Show(pages.alert_words(visit.texts, changed.survey))
