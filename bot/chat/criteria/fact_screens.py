"""What monthly facts look like in the chat: pure functions to screens."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from bot.chat.admin_screens import back
from bot.operations.facts.form import HINTS, QUESTIONS, FactsForm, profit, together
from bot.says.fitting import LONGEST_MESSAGE, within
from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from storage.facts.facts import Version
from storage.facts.minutes import Studied
from surveys.counts.facts import FACTS, LABELS, FactKind, MonthFacts, ended_with
from templates.texts import Texts

CURRENCIES: Final = ("RUB", "KZT", "BYN", "USD", "EUR")
_SHOWN_MONTHS: Final = 6
_A_PAGE: Final = 12


def _button(label: str, place: str, *arguments: str) -> tuple[Button]:
    return (Button(label, MenuTap(place, arguments).pack()),)


def number(texts: Texts, value: Decimal) -> str:
    """Write an amount, with cents only where it has some."""
    return texts.number(value, 0 if value == value.to_integral_value() else 2)


def home(
    texts: Texts,
    months: Sequence[MonthFacts],
    *,
    unfinished: FactsForm | None,
    reminds: bool,
    study: Mapping[str, Studied],
) -> Screen:
    """Return the months of which facts are told or lacking, the latest first.

    `study`: minutes by fact, where a time study found others; they may be taken over.
    """
    lines = [
        texts("<b>Facts of the company</b>"),
        texts(
            "Money, customers and deals of each month: what criteria, ROI and payback are counted "
            "from. Choose a month, or send a file (CSV or XLSX): a month a row."
        ),
        "",
    ]
    rows: list[tuple[Button, ...]] = []
    if unfinished is not None:
        name = texts.period(unfinished.month)
        rows.append(_button(texts("Go on: {month}", month=name), "facts_go"))
    for one in months:
        told = len([key for key in QUESTIONS if key in one.values])
        count = texts("{told} of {all}", told=told, all=len(QUESTIONS))
        lines.append(f"• {texts.period(one.month)}: {count if told else '—'}")
    if study:
        lines += ["", texts("<b>Time study</b>, what the managers said:")]
        lines += [_studied(texts, key, one) for key, one in study.items()]
        rows.append(_button(texts("Take these minutes over"), "facts_study"))
    buttons = [
        Button(texts.period(one.month), MenuTap("facts_month", (one.month,)).pack())
        for one in months[:_SHOWN_MONTHS]
    ]
    rows += [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    label = texts("✓ Remind me monthly") if reminds else texts("Remind me monthly")
    rows.append(_button(label, "facts_remind"))
    rows.append(_button(texts("Criteria"), "criteria"))
    return Screen("\n".join(lines), (*rows, *back(texts)))


def _studied(texts: Texts, key: str, one: Studied) -> str:
    who = texts.plural("{n} manager", "{n} managers", one.answers)
    return f"• {texts(LABELS[key])}: {texts.number(one.minutes, None)} ({who})"


def month(texts: Texts, one: MonthFacts) -> Screen:
    """Return what is known of a month, with a button to correct each fact."""
    lines = [f"<b>{texts.period(one.month)}</b>"]
    known = [key for key in (*QUESTIONS, "customers_end") if key in one.values]
    lines += [_line(texts, key, one.values[key], one.currency) for key in known]
    lines += ["", *_totals(texts, one.values, one.currency)]
    if not known:
        lines.append(texts("Nothing was told of this month yet."))
    rows = [_button(texts("Fill in"), "facts_ask", one.month)]
    if known:
        rows.append(_button(texts("Correct one"), "facts_pick", one.month))
        rows.append(_button(texts("What was told before"), "facts_past", one.month))
    return Screen("\n".join(lines), (*rows, _back(texts)))


def unsaved(texts: Texts, left: FactsForm, wanted: str, fact: str = "") -> Screen:
    """Return the choice between a questionnaire that is not saved and another month or fact."""
    name = texts.period(left.month)
    return Screen(
        texts("What you typed for {month} is not saved.", month=name),
        (
            _button(texts("Go on: {month}", month=name), "facts_go"),
            _button(texts("Drop it, begin anew"), "facts_ask", wanted, fact, "anew"),
            _back(texts),
        ),
    )


def pick(texts: Texts, one: MonthFacts) -> Screen:
    """Return a button for each fact that is known."""
    known = [key for key in QUESTIONS if key in one.values]
    rows = [_button(texts(LABELS[key]), "facts_ask", one.month, key) for key in known]
    back_there = _button(texts("‹ Back"), "facts_month", one.month)
    return Screen(texts("Which one is to be corrected?"), (*rows, back_there))


def _line(texts: Texts, key: str, value: Decimal, currency: str) -> str:
    unit = f" {currency}" if FACTS[key] is FactKind.MONEY else ""
    return f"• {texts(LABELS[key])}: {number(texts, value)}{unit}"


def _totals(texts: Texts, values: Mapping[str, Decimal], currency: str) -> list[str]:
    found = []
    earned, end = profit(values), ended_with(values)
    if earned is not None:
        money = f"{number(texts, earned)} {currency}".rstrip()
        found.append(texts("Profit: {money}", money=money))
    if end is not None:
        found.append(texts("Customers at the end: {n}", n=texts.number(end)))
    return found


def _back(texts: Texts) -> tuple[Button]:
    return _button(texts("‹ Facts"), "facts")


def ask_currency(texts: Texts, form: FactsForm, said: str = "") -> Screen:
    """Ask for the currency, which is asked once for all months."""
    buttons = [Button(code, MenuTap("facts_do", ("currency", code)).pack()) for code in CURRENCIES]
    lines = [said] if said else []
    lines.append(
        texts(
            "<b>In what currency?</b>\nAll money stands in one. Tap it, or type its code, as GBP."
        )
    )
    rows: Rows = (tuple(buttons[:3]), tuple(buttons[3:]), _button(texts("‹ Facts"), "facts"))
    return Screen("\n\n".join([f"<i>{texts.period(form.month)}</i>", *lines]), rows)


def ask(
    texts: Texts,
    form: FactsForm,
    standing: MonthFacts,
    before: Decimal | None,
    said: Sequence[str] = (),
) -> Screen:
    """Return the present question; `before` may be taken over, `said` is what was wrong."""
    key = QUESTIONS[form.place]
    place = texts("{position} of {total}", position=form.place + 1, total=len(QUESTIONS))
    unit = f", {form.currency}" if FACTS[key] is FactKind.MONEY and form.currency else ""
    lines = [f"<i>{texts.period(form.month)} · {place}</i>"]
    lines += [literal(one) for one in said]
    name = texts(LABELS[key])
    lines.append(f"<b>{name[:1].upper()}{name[1:]}{unit}</b>")
    if key in HINTS:
        lines.append(texts(HINTS[key]))
    now = form.values.get(key, standing.values.get(key))
    if now is not None:
        lines.append(texts("Now: {value}", value=number(texts, now)))
    lines += _totals(texts, together(form, standing), form.currency)
    lines.append(texts("Type a number; «1.5m» and «300k» will do."))
    return Screen("\n\n".join(lines), _choices(texts, form, standing, before))


def _choices(texts: Texts, form: FactsForm, standing: MonthFacts, before: Decimal | None) -> Rows:
    key, at = QUESTIONS[form.place], str(form.place)
    rows: list[tuple[Button, ...]] = []
    if before is not None:
        label = texts("As last month: {value}", value=number(texts, before))
        rows.append(_button(label, "facts_do", "last", at))
    moves = []
    if form.place and not form.only:
        moves.append(Button(texts("‹ Back"), MenuTap("facts_do", ("back", at)).pack()))
    moves.append(Button(texts("Skip"), MenuTap("facts_do", ("skip", at)).pack()))
    if key in standing.values:
        moves.append(Button(texts("Take back"), MenuTap("facts_do", ("clear", at)).pack()))
    rows.append(tuple(moves))
    rows.append(_button(texts("Sum up"), "facts_do", "sum", at))
    return tuple(rows)


def sum_up(texts: Texts, form: FactsForm, standing: MonthFacts, said: Sequence[str] = ()) -> Screen:
    """Return what would be saved: each change, and what the month comes to then."""
    lines = [f"<b>{texts.period(form.month)}</b>"]
    lines += [literal(one) for one in said]
    changed = {
        key: value for key, value in form.values.items() if standing.values.get(key) != value
    }
    for key, value in changed.items():
        now = "—" if value is None else number(texts, value)
        was = standing.values.get(key)
        shown = now if was is None else f"{number(texts, was)} → {now}"
        lines.append(f"• {texts(LABELS[key])}: {shown}")
    if not changed:
        lines.append(texts("Nothing would change."))
    currency = form.currency or standing.currency
    lines += ["", *_totals(texts, together(form, standing), currency)]
    rows = [_button(texts("Save"), "facts_do", "save")] if changed and not said else []
    if not form.only:
        rows.append(_button(texts("‹ To the questions"), "facts_do", "begin"))
    rows.append(_button(texts("Leave without saving"), "facts_do", "drop"))
    return Screen("\n".join(lines), tuple(rows))


def saved(texts: Texts, month_key: str, changed: int) -> Screen:
    """Return what was saved, and where to look."""
    said = texts("Nothing was changed.")
    if changed:
        said = texts.plural("{n} fact saved.", "{n} facts saved.", changed)
    rows = (
        _button(texts.period(month_key), "facts_month", month_key),
        _button(texts("Criteria"), "criteria", month_key),
        _back(texts),
    )
    return Screen(f"<b>{texts.period(month_key)}</b>\n{said}", rows)


def past(
    texts: Texts,
    month_key: str,
    told: Mapping[str, Sequence[Version]],
    names: Mapping[int, str],
    zone: dt.tzinfo,
) -> Screen:
    """Return every value that the month's facts had: who told it, how and when."""
    entries = []
    for key, versions in told.items():
        lines = [f"<b>{texts(LABELS[key])}</b>"]
        for one in versions:
            value = "—" if one.value is None else number(texts, one.value)
            by = literal(names.get(one.person_id or 0, texts("the command line")))
            how = texts("from a file") if one.source == "file" else texts("in the chat")
            if one.answers is not None:
                how = texts.plural(
                    "from a time study of {n} manager",
                    "from a time study of {n} managers",
                    one.answers,
                )
            lines.append(
                texts(
                    "{value}: {by}, {how}, {moment}",
                    value=value,
                    by=by,
                    how=how,
                    moment=texts.moment(one.recorded_at, zone),
                )
            )
        entries.append("\n".join(lines))
    title = f"<b>{texts.period(month_key)}</b>"
    shown = within(entries, LONGEST_MESSAGE - 100, lambda n: texts("… and {n} more.", n=n))
    return Screen(
        "\n\n".join([title, *shown]), (_button(texts("‹ Back"), "facts_month", month_key),)
    )


def file_preview(
    texts: Texts, months: Sequence[str], facts: int, currency: str, *, asks: bool
) -> Screen:
    """Return what a file would tell, and the way to take it; `asks`: its currency is asked for."""
    names = ", ".join(texts.period(one) for one in months[:_A_PAGE])
    lines = [
        texts("<b>A file of facts</b>"),
        texts.plural("{n} month: {months}.", "{n} months: {months}.", len(months), months=names),
        texts.plural("{n} fact is told.", "{n} facts are told.", facts),
    ]
    if currency:
        lines.append(texts("Money in {currency}.", currency=currency))
    rows: list[tuple[Button, ...]] = [_button(texts("Take them"), "facts_take")]
    if asks:
        lines.append(texts("In what currency is the money?"))
        buttons = [Button(code, MenuTap("facts_take", (code,)).pack()) for code in CURRENCIES]
        rows = [tuple(buttons[:3]), tuple(buttons[3:])]
    rows.append(_button(texts("Leave it"), "facts_leave"))
    return Screen("\n".join(lines), tuple(rows))


def plain(texts: Texts, sentence: str) -> Screen:
    """Return a sentence, with the way back."""
    return Screen(literal(sentence), (_back(texts),))
