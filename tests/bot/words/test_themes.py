"""Which themes comments are about: 304 labelled by hand, every other one never looked at."""

from pathlib import Path

import pytest

from bot.operations.words.themes import reader
from surveys.errors import ThemesInvalid
from surveys.themes.rules import Theme, Themes, parse_themes, usual, usual_source

LABELLED = Path(__file__).parent / "comments.tsv"
NONE = "-"


def _halves() -> tuple[list[str], list[str]]:
    lines = LABELLED.read_text(encoding="utf-8").splitlines()
    return lines[::2], lines[1::2]


def _measured(lines: list[str]) -> tuple[float, float]:
    """Return precision and recall over all pairs of a comment and a theme."""
    tells = reader(usual())
    right = said = meant = 0
    for line in lines:
        labels, text = line.split("\t")
        wanted = set() if labels == NONE else set(labels.split(","))
        found = set(tells.themes(text))
        right += len(wanted & found)
        said += len(found)
        meant += len(wanted)
    return right / said, right / meant


def test_the_usual_themes_tell_comments_that_their_rules_were_written_for() -> None:
    precision, recall = _measured(_halves()[0])
    assert precision > 0.92
    assert recall > 0.88


def test_they_tell_comments_that_nobody_looked_at_when_writing_them() -> None:
    precision, recall = _measured(_halves()[1])
    assert precision > 0.86
    assert recall > 0.81


def test_every_label_is_a_theme_and_no_comment_stands_twice() -> None:
    lines = [line.split("\t") for half in _halves() for line in half]
    keys = {theme.key for theme in usual().themes}
    assert {label for labels, _ in lines for label in labels.split(",")} == {NONE, *keys}
    assert len({text for _, text in lines}) == len(lines) == 304


def test_the_usual_themes_are_read_as_a_companys_own_file_is() -> None:
    assert usual() == parse_themes(usual_source())


def _tell(text: str, *words: str, cancels: bool = False) -> bool:
    theme = Theme.model_validate(
        {
            "key": "one",
            "name": {"ru": "Один", "en": "One"},
            "words": words,
            "negation": "cancels" if cancels else "ignored",
        }
    )
    return reader(Themes(themes=(theme,))).themes(text) == ("one",)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Ценой доволен", "цена"),
        ("Счёта так и нет", "счет"),
        ("доставили в срок", "достав*"),
        ("Доствка опоздала", "доставка"),
        ("никакого личного кабинета", "личный кабинет"),
        ("Ужас.Цены выросли", "цена"),
        ("Prices went up", "price"),
        ("Deliveries are late", "delivery"),
        ("no replies at all", "reply"),
    ],
)
def test_a_word_stands_for_its_forms_and_its_slips(text: str, word: str) -> None:
    assert _tell(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Заказ потеряли по дороге", "дорогой"),
        ("кабинет личный", "личный кабинет"),
        ("личный. Кабинет", "личный кабинет"),
        ("акула", "акт"),
    ],
)
def test_it_stands_for_nothing_else(text: str, word: str) -> None:
    assert not _tell(text, word)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("уходим", True),
        ("никуда не уходим", False),
        ("Не звоните. Уходим", True),
        ("не только уходим, но и других отговорим", True),
        ("we are leaving", True),
        ("we aren’t leaving", False),
        ("мысли уходить нет", False),
    ],
)
def test_a_negation_cancels_where_the_theme_says_so(text: str, told: bool) -> None:
    assert _tell(text, "уходить", "leaving", cancels=True) is told


@pytest.mark.parametrize(
    ("text", "told"),
    [("Не рекомендую", True), ("не всем рекомендую", True), ("Рекомендую всем", False)],
)
def test_a_phrase_with_a_negation_needs_it(text: str, told: bool) -> None:
    assert _tell(text, "не рекомендовать", cancels=True) is told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Нет ни одного человека, который отвечает за заказ", ()),
        ("За доставку никто не отвечает", ("delivery",)),
        ("Кто за что отвечает, непонятно", ()),
        ("Товар не отвечает требованиям", ("quality",)),
        ("Не отвечает нашим ожиданиям", ()),
        ("Качество не отвечает цене", ("price", "quality")),
        ("Скидка за счёт магазина", ("price",)),
        ("Грубо говоря, никак", ()),
        ("Сломали голову, пока разобрались", ()),
        ("Дорогие коллеги, спасибо", ()),
        ("Nobody answers for the order", ()),
        ("Who will answer for it?", ()),
        ("It is nobody's responsibility", ()),
        ("It answers our needs", ()),
        ("They managed to fix it", ()),
        ("We switched off the heating", ()),
        ("I have nobody to contact", ()),
        ("Recommended you to a friend", ()),
        ("Better lately", ()),
        ("They produce it in Omsk", ()),
        ("Friendly people", ("manager",)),
        ("Теперь больше не опаздывают", ("deadlines",)),
        ("Больше не звонят с рекламой, спасибо", ()),
        ("Больше не будут задерживать, обещали", ("deadlines",)),
        ("С вами больше не работаем", ("leaving",)),
        ("Больше не закажу", ("leaving",)),
        ("Мы больше не будем у вас покупать", ("leaving",)),
        ("Больше не хочу ждать", ("leaving",)),
        ("В последний раз всё было хорошо", ()),
        ("Последний раз заказывали в мае", ()),
        ("Последний раз заказываю у вас", ("leaving",)),
        ("Это был последний раз", ("leaving",)),
        ("На оформление ушла неделя", ()),
        ("На это уходит много времени", ()),
        ("Время уходит впустую", ()),
        ("Уходим от вас", ("leaving",)),
        ("Ушли от ответа", ()),
        ("Менеджер уклоняется от прямого ответа", ("manager",)),
        ("Ждали ответа неделю", ("reply",)),
        ("Нет ответа от менеджера", ("reply", "manager")),
        ("Наш менеджер ушёл, нового не дали", ("manager",)),
        ("Груз ушёл вчера", ()),
        ("Одни отговорки", ()),
        ("Отговорил соседа", ("leaving",)),
        ("Цены вполне конкурентные", ("price",)),
        ("Уйду к конкурентам", ("leaving",)),
        ("Взяли деньги в качестве аванса", ()),
        ("Дали кружку в качестве подарка", ()),
        ("Разница в качестве заметна", ("quality",)),
        ("Сомневаемся в качестве продукции", ("quality",)),
        ("В качестве уверены", ("quality",)),
        ("Свежий взгляд на дело", ()),
        ("Работа с вами доставляет удовольствие", ()),
        ("Доставили массу неудобств", ()),
        ("Доставили вовремя", ("delivery", "deadlines")),
        ("Отложили в долгий ящик", ()),
        ("Письмо пришло в почтовый ящик", ()),
        ("Вопросы в отношении сроков", ("deadlines",)),
        ("Разница в отношении к клиентам", ("manager",)),
        ("Я не имею к этому отношения", ()),
        ("Размер скидки мал", ("price",)),
        ("По большому счёту всё хорошо", ()),
        ("В конечном счёте разобрались", ()),
        ("Ошибка за ваш счёт", ()),
        ("Спасибо за быстрый счёт", ("documents",)),
        ("Грош цена вашим словам", ()),
        ("Вкусный хамон", ()),
        ("Хамит на кассе", ("manager",)),
        ("Стёкла сверкают", ()),
        ("Акт сверки не прислали", ("documents",)),
        ("Гарантируют результат", ()),
        ("По гарантии починили", ("aftersale",)),
        ("Our last order was perfect", ()),
        ("This was our last order from you", ("leaving",)),
        ("They claim it works", ()),
        ("My claim was lost", ("aftersale",)),
        ("In my price range", ("price",)),
        ("A promising start", ()),
        ("Left in the mail box", ()),
        ("The contrcat is lost", ("documents",)),
    ],
)
def test_a_word_in_another_meaning_is_not_counted(text: str, told: tuple[str, ...]) -> None:
    assert reader(usual()).themes(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "Отвечают за пять минут",
        "Ответили за 2 часа",
        "За считанные секунды ответил",
        "Отвечают за три рабочих дня",
        "Отвечает на запросы через день",
        "Отвечают по запросу",
        "Не отвечают клиентам",
        "No answers for weeks",
        "Still no answer for my claim",
        "No response at all",
        "Very responsive",
        "Nobody returned my call",
    ],
)
def test_a_reply_stays_a_reply(text: str) -> None:
    assert "reply" in reader(usual()).themes(text)


def test_a_rule_that_says_the_whole_phrase_means_just_that() -> None:
    assert _tell("Кто отвечает за заказ?", "отвечать за")
    assert not _tell("Кто отвечает за заказ?", "отвечать")


def test_a_file_of_themes_says_where_it_is_wrong() -> None:
    with pytest.raises(ThemesInvalid) as caught:
        parse_themes("themes:\n  - key: Цена\n    name: {ru: Цена}\n    words: []\n    word: 1\n")
    places = [problem.line for problem in caught.value.problems]
    assert places == sorted(places)
    assert {2, 3, 4, 5} == set(places)
    with pytest.raises(ThemesInvalid, match="price"):
        parse_themes(
            "themes:\n" + 2 * "  - {key: price, name: {ru: Цена, en: Price}, words: [цена]}\n"
        )
