"""Cases are due by the production calendar of the company's country, and by its own days."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.operations.cases import calendar
from storage.people.workspace import Workspace
from surveys.working_days import OwnDays, WorkingHours, hours_on
from tests.bot.world import ADMIN, World

MOSCOW = ZoneInfo("Europe/Moscow")
RUSSIA = Workspace(zone="Europe/Moscow")


def _due(space: Workspace, year: int, month: int, day: int, hour: int) -> datetime:
    opened = datetime(year, month, day, hour, tzinfo=MOSCOW)
    return calendar.due_in(space, opened).astimezone(MOSCOW)


def _hours(day: date) -> WorkingHours | None:
    return hours_on(day, OwnDays(), calendar.calendar_of(RUSSIA))


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2025, 11, 1), WorkingHours(9, 17)),  # a worked Saturday, shortened
        (date(2027, 2, 20), WorkingHours(9, 17)),
        (date(2025, 11, 3), None),  # the day off that was transferred from it
        (date(2027, 2, 22), None),
        (date(2026, 1, 9), None),  # transferred by decree
        (date(2026, 3, 9), None),  # a holiday on a Sunday moves to the Monday
        (date(2026, 4, 30), WorkingHours(9, 17)),
        (date(2026, 5, 8), WorkingHours(9, 17)),
        (date(2026, 6, 11), WorkingHours(9, 17)),
        (date(2026, 11, 3), WorkingHours(9, 17)),
        (date(2026, 11, 5), WorkingHours(9, 18)),
        (date(2026, 3, 6), WorkingHours(9, 18)),  # not the day before 8 March, which is a Saturday
    ],
)
def test_days_of_the_russian_calendar(day: date, hours: WorkingHours | None) -> None:
    assert _hours(day) == hours


def test_a_case_waits_over_the_new_year_holidays() -> None:
    assert _due(RUSSIA, 2026, 12, 30, 17).date() == date(2027, 1, 11)
    assert _due(RUSSIA, 2026, 6, 11, 16) == datetime(2026, 6, 15, 17, tzinfo=MOSCOW)


def test_a_worked_saturday_counts() -> None:
    assert _due(RUSSIA, 2027, 2, 19, 17) == datetime(2027, 2, 20, 17, tzinfo=MOSCOW)


def test_other_countries_and_none() -> None:
    kazakh = Workspace(zone="Asia/Almaty")
    assert hours_on(date(2026, 12, 16), OwnDays(), calendar.calendar_of(kazakh)) is None
    nowhere = Workspace(country="XX")
    assert hours_on(date(2026, 1, 1), OwnDays(), calendar.calendar_of(nowhere)) == WorkingHours(
        9, 18
    )


def test_a_year_without_a_decree_is_provisional() -> None:
    assert not calendar.is_provisional(RUSSIA, 2027)
    assert calendar.is_provisional(RUSSIA, 2040)
    assert not calendar.is_provisional(Workspace(zone="Europe/Berlin"), 2040)


async def test_an_admin_types_own_days_in_the_chat_and_cases_are_due_by_them(world: World) -> None:
    async with world.bot():
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await world.say(ADMIN, "/menu")
        await world.tap(ADMIN, "Обращения")
        shown = await world.tap(ADMIN, "Рабочие дни")
        assert "с 9:00 до 18:00" in shown.text
        refused = await world.say(ADMIN, "когда-нибудь выходной")
        assert "«когда-нибудь выходной»" in refused.text
        shown = await world.say(ADMIN, "16.09 выходной\n17.09 10-14\nчасы 10-19")
        assert "16 сентября 2026: выходной" in shown.text
        assert "17 сентября 2026: с 10:00 до 14:00" in shown.text
        result = await world.operate("calendar", lines="19.09 рабочий")
        assert result["hours"] == [10, 19]
        assert ["2026-09-19", True] in result["own"]
