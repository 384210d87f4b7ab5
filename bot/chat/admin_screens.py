"""What the admin's menus look like: pure functions to screens."""

from collections.abc import Sequence
from html import escape

from bot.chat.callbacks import MenuTap
from bot.chat.screens import Button, Rows, Screen
from bot.operations.campaigns import Preview
from storage.definitions import StoredDefinition
from storage.digests import Subscription
from storage.waves import WaveFunnel, WaveInfo
from storage.workspace import Workspace
from surveys.definition import localized
from surveys.eligibility import Reason
from templates.texts import Texts, mark

DIGEST_HOURS = (8, 9, 12, 18)

REASONS = {
    Reason.LEFT: mark("no longer with us"),
    Reason.OUTSIDE_AUDIENCE: mark("outside the audience"),
    Reason.IN_WAVE: mark("already in this campaign"),
    Reason.NO_TELEGRAM: mark("not in Telegram yet"),
    Reason.NOT_CONSENTED: mark("have not agreed to be asked"),
    Reason.OPTED_OUT: mark("unsubscribed"),
    Reason.UNREACHABLE: mark("blocked the bot"),
    Reason.SURVEY_OPEN: mark("have another survey open"),
    Reason.ASKED_THIS_RECENTLY: mark("answered or were asked this survey recently"),
    Reason.ASKED_RECENTLY: mark("asked something recently"),
}


def back(texts: Texts) -> Rows:
    """Return the row that leads to the menu."""
    return ((Button(texts("‹ Menu"), MenuTap("menu").pack()),),)


def choose_survey(texts: Texts, known: Sequence[StoredDefinition]) -> Screen:
    """Return the surveys to choose from."""
    rows = tuple(
        (
            Button(
                localized(item.survey.title, texts.language), MenuTap("segment", (item.key,)).pack()
            ),
        )
        for item in known
    )
    return Screen(texts("Which survey?"), (*rows, *back(texts)))


def choose_segment(texts: Texts, definition: StoredDefinition, segments: Sequence[str]) -> Screen:
    """Return the segments to choose from."""
    everybody = Button(texts("All customers"), MenuTap("count", (definition.key, "all")).pack())
    rows = tuple(
        (Button(segment, MenuTap("count", (definition.key, str(index))).pack()),)
        for index, segment in enumerate(segments)
    )
    title = escape(localized(definition.survey.title, texts.language), quote=False)
    return Screen(
        texts("<b>{survey}</b>: whom shall we ask?", survey=title),
        ((everybody,), *rows, *back(texts)),
    )


def reasons_text(texts: Texts, plan: Preview) -> str:
    """Return «17 will not: 9 asked recently, 5 not in Telegram yet»."""
    parts = [
        f"{texts.number(count)} {texts(REASONS[reason])}" for reason, count in plan.reasons.items()
    ]
    return texts.plural(
        "{n} person will not: {reasons}.",
        "{n} people will not: {reasons}.",
        len(plan.refused),
        reasons=", ".join(parts),
    )


def preview(texts: Texts, plan: Preview, segment_number: int | None) -> Screen:
    """Return the count before the launch."""
    title = escape(localized(plan.definition.survey.title, texts.language), quote=False)
    lines = [
        f"<b>{title}</b>" + (f" · {escape(plan.segment, quote=False)}" if plan.segment else ""),
        texts.plural(
            "{n} person will get the invitation.",
            "{n} people will get the invitation.",
            len(plan.invited),
        ),
    ]
    if plan.refused:
        lines.append(reasons_text(texts, plan))
    rows: Rows = back(texts)
    if plan.invited:
        chosen = "all" if segment_number is None else str(segment_number)
        start = Button(texts("Launch"), MenuTap("launch", (plan.definition.key, chosen)).pack())
        rows = ((start,), *rows)
    return Screen("\n\n".join(lines), rows)


def launched(texts: Texts, plan: Preview) -> Screen:
    """Return the confirmation of a launch."""
    text = texts.plural(
        "Launched: {n} invitation is on its way. Nobody is written to in quiet hours.",
        "Launched: {n} invitations are on their way. Nobody is written to in quiet hours.",
        len(plan.invited),
    )
    return Screen(text, back(texts))


def campaigns(
    texts: Texts, rows: Sequence[tuple[WaveInfo, WaveFunnel]], space: Workspace
) -> Screen:
    """Return the latest campaigns with their funnels."""
    if not rows:
        return Screen(texts("There has been no campaign yet."), back(texts))
    blocks = []
    for wave, progress in rows:
        started = texts.date(wave.started_at.astimezone(space.tzinfo).date())
        funnel = texts(
            "invited {invited}, delivered {delivered}, started {started}, finished {finished}",
            invited=texts.number(progress.invited),
            delivered=texts.number(progress.delivered),
            started=texts.number(progress.started),
            finished=texts.number(progress.finished),
        )
        title = escape(wave.name, quote=False)
        blocks.append(f"<b>{title}</b>, {started}\n{funnel}")
    return Screen("\n\n".join(blocks), back(texts))


def choose_period(texts: Texts, keys: Sequence[str]) -> Screen:
    """Return the periods to choose from."""
    buttons = [Button(texts.period(key), MenuTap("period", (key,)).pack()) for key in keys]
    rows = tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
    return Screen(texts("Digest for which period?"), (*rows, *back(texts)))


def schedule(texts: Texts, present: Sequence[Subscription]) -> Screen:
    """Return the schedule of digests: one row a frequency, an hour to choose or to leave."""
    names = {
        "weekly": texts("weekly, on Mondays"),
        "monthly": texts("monthly, on the 1st"),
        "quarterly": texts("quarterly, on the 1st day"),
    }
    active = {subscription.frequency: subscription for subscription in present}
    lines = [texts("The digest comes by itself:")]
    rows: list[tuple[Button, ...]] = []
    for frequency, name in names.items():
        if frequency in active:
            lines.append(texts("✓ {when} at {hour}:00", when=name, hour=active[frequency].hour))
            off = MenuTap("subscribe", (frequency, "off")).pack()
            rows.append((Button(texts("Stop: {when}", when=name), off),))
        else:
            hours = tuple(
                Button(f"{hour}:00", MenuTap("subscribe", (frequency, str(hour))).pack())
                for hour in DIGEST_HOURS
            )
            lines.append(texts("— {when}: choose the hour below", when=name))
            rows.append(hours)
    return Screen("\n".join(lines), (*rows, *back(texts)))
