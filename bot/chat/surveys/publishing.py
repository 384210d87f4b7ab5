"""Publishing the survey that an admin edited."""

from bot.chat.admin_screens import back
from bot.chat.auditing import note
from bot.chat.surveys.editor_draft import draft_of, end, published_since, stale
from bot.chat.surveys.survey_editor import refused
from bot.chat.visit import Visit
from bot.operations import surveys
from bot.says.heard import Tap
from bot.says.markup import literal
from bot.says.said import Change, Reply
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.asking import definitions
from storage.asking.definitions import StoredDefinition
from storage.people import audit
from surveys.errors import SurveyInvalid
from surveys.survey import editing
from surveys.survey.definition import localized


async def publish(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Keep the survey as the newest version; campaigns under way go on with theirs.

    What another published since the editing began is not replaced without a word: the button that
    does so all the same names the version that was told of.
    """
    draft = await draft_of(visit)
    if draft is None or visit.person is None:
        return stale(visit)
    try:
        survey = editing.result(draft)
        other = await published_since(visit, survey, (*tap.button.arguments, "")[0])
        if other is not None:
            return Change(await _overtaken(visit, other))
        await surveys.publish(visit.tx, survey, visit.now)
    except SurveyInvalid as error:
        return refused(visit, draft, error)
    await end(visit)
    await note(visit, "changed_survey", details=survey.key)
    title = literal(localized(survey.title, visit.texts.language))
    text = visit.texts(
        "Published: «{survey}». New campaigns ask this version; those under way go on with theirs.",
        survey=title,
    )
    return Change(Screen(text, back(visit.texts)))


async def _overtaken(visit: Visit, other: StoredDefinition) -> Screen:
    """Return the choice between what another published meanwhile and one's own changes."""
    texts = visit.texts
    at = await definitions.published_at(visit.tx, other.id)
    deed = await audit.last(visit.tx, "changed_survey", other.key)
    by = deed.by if deed is not None and deed.happened_at == at else None
    values = {
        "survey": literal(localized(other.survey.title, texts.language)),
        "moment": texts.moment(at, visit.workspace.tzinfo),
        "name": literal(by or ""),
    }
    said = (
        texts("«{survey}» was published meanwhile: {moment}, {name}.", **values)
        if by
        else texts("«{survey}» was published meanwhile: {moment}.", **values)
    )
    kept = texts(
        "You began from the version before. If you publish yours, new campaigns ask yours and not "
        "that one; both are kept. Nothing is published yet, and your changes stay."
    )
    rows = (
        (Button(texts("Look at the new one"), MenuTap("survey", (other.key,)).pack()),),
        (Button(texts("Publish mine all the same"), MenuTap("publish", (other.version,)).pack()),),
        (Button(texts("Go on editing"), MenuTap("editor").pack()),),
        *back(texts),
    )
    return Screen(f"{said}\n\n{kept}", rows)
