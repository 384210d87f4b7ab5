"""`otklik import history FILE`: answers from before Otklik."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.people.copying import say_of_copy
from bot.cli.people.history_options import HistoryOptions
from bot.cli.terminal.asking import asks_first, sure
from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.options import takes
from bot.cli.terminal.saying import as_json, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import perform
from surveys.messages import mark
from templates.texts import Texts

if TYPE_CHECKING:  # imports wait until the command runs: --help stays quick
    from bot.operations.history.answers import History
    from bot.operations.history.plan import ReadingPlan


@takes(HistoryOptions)
def import_history(options: HistoryOptions) -> None:
    """Bring past answers in, all rows or none; a rerun changes nothing.

    Exports of SurveyMonkey, Qualtrics, Google Forms, Typeform, LimeSurvey, Delighted, Yandex Forms
    and Formbricks are recognised: docs/history.md. Import people first, so that customers and
    managers are recognised by their ids; whoever is unknown is kept for the figures alone and
    never written to. Dates are read only where they can be meant in one way: by all dates of their
    form, a month or quarter in the same row, or --date-format.
    """
    from bot.cli.people.history_words import expected, preview, summary

    with failing_kindly():
        plan, history = _read(options)
    # The import that follows looks at the whole file.
    zone = perform("zone", {"check": options.check}, of_surveys=False, every_page=False)["zone"]
    texts = reader()
    if not options.json:
        for line in preview(texts, history, plan, zone):
            say(line)
    if asks_first(check=options.check, yes=options.yes, json=options.json):
        for line in expected(texts, _brought(options, plan, history, check=True)):
            say(line)
        sure()
    result = _brought(options, plan, history, check=options.check)
    if options.json:
        as_json(_all(history, result, zone))
    else:
        for line in summary(texts, result, check=options.check):
            say(line)
        if not options.check:
            say_of_copy(result, no_copy=options.no_copy)


def _read(options: HistoryOptions) -> tuple["ReadingPlan", "History"]:
    from bot.operations.history.answers import read_history
    from bot.operations.history.plan import plan_from

    file = options.map_file
    text = None if file is None else _content(file).decode("utf-8-sig", "replace")
    plan = plan_from(options.stated(), text)
    return plan, read_history(_content(options.file), plan)


def _content(path: Path) -> bytes:
    from bot.errors import FileUnreadable, Refused
    from bot.operations.tables.tables import HISTORY

    try:
        if path.stat().st_size <= HISTORY.size:
            return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(path, error) from error
    raise Refused(
        mark("{path} is larger than {limit} MB; split it."),
        path=path,
        limit=HISTORY.size // 1_000_000,
    )


def _brought(
    options: HistoryOptions, plan: "ReadingPlan", history: "History", *, check: bool
) -> dict[str, Any]:
    """Return what the operation says, and count the rows that were refused before it."""
    from bot.operations.history.answers import lines_of
    from bot.operations.history.refusals import said_of
    from bot.telling import told

    texts = Texts("en") if options.json else reader()
    result = perform(
        "import_history",
        {
            **history.as_json(),
            "into": {
                "survey": plan.survey,
                "question": plan.question,
                "scale": list(plan.scale),
                "scale_stated": plan.scale_stated,
            },
            "language": texts.language,
            "check": check,
            "no_copy": options.no_copy,
            "again": options.again,
            "skip_refused": plan.skip_refused,
        },
        of_surveys=False,
    )
    refused, left_out = lines_of(history.refused), lines_of(history.sheet.left_out)
    unread = [told(texts, one) for one in said_of(history.refused)]
    return result | {
        "rows": result["rows"] + len(refused) + len(left_out),
        "refused": result["refused"] + len(refused),
        "left_out": len(left_out),
        "problems": [*unread, *result["problems"]],
        "left_out_rows": [told(texts, one) for one in said_of(history.sheet.left_out)],
    }


def _all(history: "History", result: Mapping[str, Any], zone: str) -> dict[str, Any]:
    from bot.operations.history.preview import samples, warnings
    from bot.telling import told

    sheet = history.sheet
    return {
        **result,
        "export_of": sheet.tool or None,
        "columns": dict(sheet.columns),
        "columns_left_out": list(sheet.unused),
        "lines_above_left_out": list(sheet.above),
        "encoding": sheet.encoding,
        "encoding_is_guess": sheet.is_guess,
        "times_in": sheet.zone or zone,
        "without_date": history.undated,
        "dates": [
            {"format": one.read_as, "rows": one.rows, "because": one.because}
            for one in history.readings
        ],
        "warnings": [told(Texts("en"), one) for one in warnings(history)],
        "first_as_read": samples(history, zone),
    }
