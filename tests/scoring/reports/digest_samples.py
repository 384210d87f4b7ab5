"""Figures to make digests from: a company with much to tell, one with little, one with nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

from surveys.counts.departures import Departures
from surveys.counts.facts import MonthFacts
from surveys.counts.figures import (
    AlikeAnswers,
    Baseline,
    Breakdown,
    Comment,
    DigestFigures,
    Funnel,
    GroupKind,
    MeasureCounts,
    MirrorItem,
    MirrorProfile,
    PeriodFigures,
)
from surveys.periods import months_until, parse_period

Language = Literal["ru", "en"]
NOW = datetime(2026, 10, 1, 6, 0, tzinfo=UTC)
ZONE = "Europe/Moscow"
FAR = "Asia/Vladivostok"
NOBODY = Funnel(invited=0, delivered=0, opened=0, started=0, finished=0)
MANAGERS = ("Анна Смирнова", "Борис Кузнецов", "Вера Орлова", "Глеб Новиков", "Дина Фёдорова")
ITEMS = {
    "speed": {"ru": "Скорость ответа", "en": "Speed of answer"},
    "knowledge": {"ru": "Знание продукта", "en": "Knowledge of the product"},
    "understanding": {"ru": "Понимание задачи", "en": "Understanding of my task"},
    "deadlines": {"ru": "Соблюдение сроков", "en": "Keeping of deadlines"},
    "documents": {"ru": "Порядок в документах", "en": "Documents in order"},
}
SEGMENTS = {
    "retail": {"ru": "Розница", "en": "Retail"},
    "wholesale": {"ru": "Опт", "en": "Wholesale"},
    "service": {"ru": "Сервисные договоры", "en": "Service contracts"},
    "new": {"ru": "Новые клиенты", "en": "New customers"},
}
TOUCHPOINTS = {
    "invitation": {"ru": "invitation", "en": "invitation"},
    "manager": {"ru": "manager", "en": "manager"},
}
CHANNELS = {name: {"ru": name, "en": name} for name in ("telegram", "web", "import")}
ATTRIBUTES = {"status": {"ru": "статус", "en": "status"}, "city": {"ru": "город", "en": "city"}}
STATUSES = {
    "regular": {"ru": "Постоянный", "en": "Regular"},
    "one": {"ru": "Одна покупка", "en": "One purchase"},
    "trial": {"ru": "На пробном периоде", "en": "On trial"},
    "claim": {"ru": "Была рекламация", "en": "Had a claim"},
}
CITIES = {
    ru: {"ru": ru, "en": en}
    for ru, en in {
        "Екатеринбург": "Yekaterinburg",
        "Пермь": "Perm",
        "Челябинск": "Chelyabinsk",
        "Тюмень": "Tyumen",
        "Уфа": "Ufa",
        "Казань": "Kazan",
        "Комсомольск-на-Амуре": "Komsomolsk-on-Amur",
        "Сургут": "Surgut",
        "Курган": "Kurgan",
        "Оренбург": "Orenburg",
        "Ижевск": "Izhevsk",
        "Омск": "Omsk",
        "Самара": "Samara",
        "Киров": "Kirov",
    }.items()
}
THEMES = {
    "deadlines": {"ru": "Сроки и обещания", "en": "Deadlines and promises"},
    "reply": {"ru": "Скорость ответа", "en": "Speed of reply"},
    "documents": {"ru": "Документы и счета", "en": "Documents and invoices"},
    "price": {"ru": "Цены и условия", "en": "Prices and terms"},
}
ABOUT = {0: ("documents",), 1: ("reply",), 3: ("deadlines",), 4: ("reply",), 6: ("deadlines",)}
"""Which comment of `WORDS` is about which themes."""
WORDS = {
    "ru": (
        "Документы пришлось ждать почти две недели, бухгалтерия ругалась.",
        "Менеджер перезвонил только на третий день. До этого писали дважды — без ответа.",
        "Не хватает личного кабинета, чтобы видеть, где сейчас заказ.",
        "Всё хорошо, но сроки поставки хотелось бы знать заранее, а не в день отгрузки.",
        "Анна всегда на связи и понимает нас с полуслова. Спасибо ей огромное!",
        "Быстро, чётко, без лишних вопросов.",
        "Ценим, что честно предупредили о задержке и сами предложили замену.",
        "ок",
    ),
    "en": (
        "We waited almost two weeks for the documents; accounting was furious.",
        "The manager called back on the third day. Before that we wrote twice: no answer.",
        "We miss an account page that shows where the order is right now.",
        "All fine, but we would like to know delivery dates in advance, not on the day.",
        "Anna is always in touch and understands us at once. Thank her very much!",
        "Fast, precise, no needless questions.",
        "We value that you told us about the delay honestly and offered a replacement.",
        "ok",
    ),
}
SCORES = (3, 2, 7, 8, 10, 10, 9, 9)


def scores(random: Random, n: int, lift: float) -> Counter[float]:
    """Return n answers 0–10, more of them high as `lift` (about 0…1) grows."""
    kind = random.choices((0, 1, 2), (0.34 - 0.2 * lift, 0.33, 0.33 + 0.2 * lift), k=n)
    pick = {0: (0, 2, 3, 4, 5, 5, 6, 6), 1: (7, 8, 8), 2: (9, 10, 10)}
    return Counter(float(random.choice(pick[which])) for which in kind)


def index(random: Random, n: int, center: float, steps: int = 20) -> Counter[float]:
    """Return n index values 0–100 around `center`, in `steps` equal steps."""
    drawn = (min(max(random.gauss(center, 16), 0), 100) for _ in range(n))
    return Counter(round(value / 100 * steps) * 100 / steps for value in drawn)


def whole(
    measure: str, counts: Counter[float], partial: int = 0, by_manager: int = 0
) -> MeasureCounts:
    """Return ungrouped counts."""
    return MeasureCounts(measure, "all", "", "", counts, partial, by_manager=by_manager)


def grouped(
    kind: GroupKind, rows: Iterable[tuple[str, str, Counter[float]]]
) -> list[MeasureCounts]:
    """Return the NPS counts of groups: (group, label, counts)."""
    return [MeasureCounts("nps", kind, group, label, counts) for group, label, counts in rows]


def rich(language: Language = "ru", seed: int = 7) -> DigestFigures:
    """Return half a year of a company with five managers and two hundred customers."""
    random = Random(seed)
    channels = Random(15)  # of its own, so that the others stay as they were
    by_manager = [
        (str(number), name, scores(random, size, lift))
        for number, (name, size, lift) in enumerate(
            zip(MANAGERS, (60, 38, 31, 22, 6), (1.6, 0.6, -0.2, -1.6, 0.5), strict=True), 1
        )
    ]
    everybody: Counter[float] = sum((row[2] for row in by_manager), Counter())
    before = scores(random, 121, -0.2)
    current = PeriodFigures(
        parse_period("2026-Q3", ZONE),
        Funnel(
            invited=236,
            delivered=221,
            opened=190,
            started=157,
            finished=143,
            expired=64,
            unreachable=9,
            unknown=2,
            not_invited={"asked_recently": 21, "no_telegram": 12, "opted_out": 4},
        ),
        (
            whole("nps", everybody, 2, by_manager=16),
            whole("loyalty_index", index(random, 139, 70, 30), 6),
            whole("csat", Counter({100.0: 61, 75.0: 45, 50.0: 20, 25.0: 8, 0.0: 4})),
            whole("service_quality", index(random, 131, 76), 7),
            whole("automation", index(random, 5, 58)),
            whole("customer_accounting", index(random, 5, 66)),
            whole("self_assessment", index(random, 5, 80)),
            *grouped("manager", by_manager),
            *grouped("segment", _split(random, everybody, SEGMENTS, (70, 48, 32, 7), language)),
            *grouped("touchpoint", _split(random, everybody, TOUCHPOINTS, (141, 16), language)),
            *grouped("channel", _split(channels, everybody, CHANNELS, (98, 52, 7), language)),
        ),
    )
    previous = PeriodFigures(
        parse_period("2026-Q2", ZONE),
        Funnel(invited=180, delivered=174, opened=150, started=121, finished=112),
        (
            whole("nps", before),
            whole("loyalty_index", index(random, 110, 63, 30)),
            whole("csat", Counter({100.0: 40, 75.0: 40, 50.0: 20, 25.0: 8, 0.0: 4})),
            whole("service_quality", index(random, 108, 74)),
            whole("self_assessment", index(random, 4, 76)),
        ),
    )
    sizes = (0, 4, 14, 31, 36, 38, 41, 40, 40, 52, 49, 56)
    months = months_until(current.period, ZONE)
    trend = tuple(
        PeriodFigures(period, NOBODY, (whole("nps", scores(random, n, i / 9 - 0.4)),))
        for i, (period, n) in enumerate(zip(months, sizes, strict=True))
    )
    return DigestFigures(
        company="ООО «Северный склад»" if language == "ru" else "Northern Warehouse Ltd",
        zone=ZONE,
        current=current,
        previous=previous,
        months=trend,
        overlap={"nps": _overlap(before, everybody)},
        baselines=_baselines(random, language),
        mirrors=tuple(_mirrors(random, language)),
        profiles=tuple(_profiles()),
        comments=tuple(_comments(language)),
        earlier=tuple(replace(one, day=date(2026, 8, 9)) for one in _comments(language))[:5],
        themes={key: names[language] for key, names in THEMES.items()},
        breakdowns=tuple(_breakdowns(everybody, language)),
        alike=tuple(_alike(random)),
        labels={item: label[language] for item, label in ITEMS.items()},
        facts=tuple(_facts(("2026-07", "2026-08", "2026-09"), 1_900_000)),
        facts_before=tuple(_facts(("2026-04", "2026-05", "2026-06"), 1_700_000)),
        invested=Decimal(600_000),
        departures=_departures(language),
    )


def _departures(language: Language) -> Departures:
    names = {
        "forgotten": {"ru": "Мне не перезвонили", "en": "Nobody called me back"},
        "deadlines": {"ru": "Срывали сроки", "en": "Deadlines were missed"},
        "price": {"ru": "Цена", "en": "Price"},
        "no_need": {"ru": "Больше не нужно", "en": "I no longer need it"},
    }
    return Departures(
        told={"forgotten": 9, "price": 14, "deadlines": 3},
        counted={"forgotten": 2, "price": 17, "no_need": 6},
        managers=4,
        labels={key: name[language] for key, name in names.items()},
    )


def _alike(random: Random) -> Iterable[AlikeAnswers]:
    """Return customers who judge all of service alike, and of whom speed counts most."""
    for _ in range(131):
        mood = random.gauss(0, 0.7)
        given = {
            item: float(25 * min(max(round(2.9 + mood + random.gauss(0, 0.8)), 0), 4))
            for item in ITEMS
        }
        heard = 0.04 * given["speed"] + 0.025 * given["documents"] + random.gauss(3, 1.4)
        yield AlikeAnswers("service_quality", given, min(max(round(heard), 0), 10), 1)
    for _ in range(60):
        mood = random.gauss(0, 15)
        items = ("again", "other", "recommend")
        given = {
            item: float(10 * min(max(round((70 + mood + random.gauss(0, 12)) / 10), 0), 10))
            for item in items
        }
        yield AlikeAnswers("loyalty_index", given, None, 1)


def _facts(months: Iterable[str], revenue: int) -> Iterable[MonthFacts]:
    """Return months in which the customers of the company were counted, and its money."""
    for number, month in enumerate(months):
        values = {
            "revenue": revenue + 40_000 * number,
            "fixed_costs": 500_000,
            "variable_costs": 640_000,
            "marketing": 70_000,
            "retention": 35_000,
            "crm_running": 18_000,
            "customers_start": 240 + 6 * number,
            "customers_new": 14,
            "customers_lost": 8,
        }
        told = datetime(2026, 10, 1, 5, 30, tzinfo=UTC)
        yield MonthFacts(month, {key: Decimal(n) for key, n in values.items()}, "RUB", told)


def _baselines(random: Random, language: Language) -> dict[str, Baseline]:
    """Return the wave before a new CRM, in which fewer were content."""
    start = datetime(2026, 2, 9, 7, 0, tzinfo=UTC)
    name = "До внедрения CRM" if language == "ru" else "Before the CRM"
    measures = (
        whole("nps", scores(random, 84, -0.6)),
        whole("loyalty_index", index(random, 80, 57, 30)),
        whole("service_quality", index(random, 79, 66)),
        whole("self_assessment", index(random, 5, 79)),
    )
    return {
        row.measure: Baseline(1, name, "before", start, row, {}, row.measure != "service_quality")
        for row in measures
    }


def sparse(language: Language = "ru") -> DigestFigures:
    """Return the first month of a small company: seven answers and nothing before."""
    random = Random(3)
    counts = scores(random, 7, 0.5)
    return DigestFigures(
        company="Мастерская" if language == "ru" else "The Workshop",
        zone=ZONE,
        current=PeriodFigures(
            parse_period("2026-09", ZONE),
            Funnel(invited=19, delivered=19, opened=12, started=8, finished=7),
            (
                whole("nps", counts),
                whole("loyalty_index", index(random, 6, 70, 30), 1),
                *grouped("manager", [("1", MANAGERS[0], counts)]),
            ),
        ),
        previous=PeriodFigures(parse_period("2026-08", ZONE), NOBODY, ()),
        months=(PeriodFigures(parse_period("2026-09", ZONE), NOBODY, (whole("nps", counts),)),),
        overlap={},
        mirrors=(MirrorItem(1, MANAGERS[0], "speed", "Скорость", 1, 5, 4.0, {4.0: 3}, {4.0: 3}),),
        comments=(Comment("Спасибо, всё понравилось!", 9, date(2026, 9, 12), "why"),),
    )


def empty() -> DigestFigures:
    """Return a month in which nothing happened."""
    return DigestFigures(
        company="Тишина",
        zone=FAR,
        current=PeriodFigures(parse_period("2026-09", FAR), NOBODY, ()),
        previous=PeriodFigures(parse_period("2026-08", FAR), NOBODY, ()),
        months=(),
        overlap={},
        mirrors=(),
        comments=(),
    )


def _split(
    random: Random,
    counts: Counter[float],
    names: Mapping[str, Mapping[str, str]],
    sizes: Iterable[int],
    language: Language,
) -> list[tuple[str, str, Counter[float]]]:
    answers = sorted(counts.elements())
    random.shuffle(answers)
    rows = []
    for (key, label), size in zip(names.items(), sizes, strict=True):
        part, answers = answers[:size], answers[size:]
        rows.append((key, label[language], Counter(part)))
    return rows


def _breakdowns(everybody: Counter[float], language: Language) -> Iterable[Breakdown]:
    random = Random(5)
    for name, values, sizes in (
        ("status", STATUSES, (61, 44, 25, 6)),
        ("city", CITIES, (31, 24, 17, 14, 12, 11, 10, 8, 7, 5, 4, 3, 2, 1)),
    ):
        rows = _split(random, everybody, values, sizes, language)
        found = {label: counts for _, label, counts in rows}
        stated = sum(found.values(), Counter())
        yield Breakdown(ATTRIBUTES[name][language], found, everybody - stated)


def _overlap(before: Counter[float], after: Counter[float]) -> dict[tuple[float, float], int]:
    pairs = zip(sorted(before.elements())[::3], sorted(after.elements())[::4], strict=False)
    return dict(Counter(pairs))


def _mirrors(random: Random, language: Language) -> Iterable[MirrorItem]:
    company = Counter({5.0: 58, 4.0: 44, 3.0: 22, 2.0: 9, 1.0: 4})
    for number, name in enumerate(MANAGERS, 1):
        for item, label in ITEMS.items():
            n = 3 if number == len(MANAGERS) else random.randint(14, 40)
            center = random.uniform(3.4, 4.6)
            given = (min(max(round(random.gauss(center, 0.9)), 1), 5) for _ in range(n))
            own = float(random.choice((3, 4, 4, 5)))
            yield MirrorItem(
                number, name, item, label[language], 1, 5, own, Counter(map(float, given)), company
            )


def _profiles() -> Iterable[MirrorProfile]:
    """Return each manager over all items: the first sees herself far above her customers."""
    random = Random(11)
    for number in range(1, len(MANAGERS) + 1):
        n = 3 if number == len(MANAGERS) else 20
        points = (min(max(round(random.gauss(14, 3)), 0), 20) for _ in range(n))
        own = 100.0 if number == 1 else 75.0
        yield MirrorProfile(number, own, Counter(5.0 * point for point in points), 21)


def _comments(language: Language) -> Iterable[Comment]:
    first = date(2026, 9, 28)
    for number, (text, score) in enumerate(zip(WORDS[language], SCORES, strict=True)):
        day = first - timedelta(days=3 * number)
        yield Comment(text, score, day, "why", number, ABOUT.get(number, ()))
    yield Comment(WORDS[language][3], None, first, "comment", 100, ("deadlines",))
