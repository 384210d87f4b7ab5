import copy
import hashlib
import re
from base64 import b64encode
from itertools import pairwise

import pytest

from surveys.campaign.eligibility import Reason
from surveys.counts.weights import WEIGHED
from surveys.messages import LANGUAGES, Language
from templates.digest.message import MESSAGE_LIMIT
from templates.reasons import COUNTED
from templates.texts import Texts
from tests.templates.pages import (
    SAMPLES,
    Page,
    document,
    places,
    render_digest,
    render_summary,
    render_text,
    with_words,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'\"><svg/onload=alert(1)>",
    "</blockquote></li></ul><h1>pwned</h1>",
    "</title></style></script><base href=//evil>",
    "{{ 7 * 7 }} {% raw %} {{ document }} {# gone #}",
    "<!-- --!><!doctype html><?php echo 1 ?>",
    "&lt;b&gt; &#60;i&#62; &amp;",
    "javascript:alert(1) `${1}` \\u003cb\\u003e",
    '" onmouseover="alert(1)" x="',
    "\u202ertl override\u202c \u2066iso\u2069",
    "NUL\x00bell\x07\x1b[31m\ud800".replace("\ud800", "\ufffd"),
    "a" * 5000,
    "]]> <![CDATA[ x ]]>",
    "＜script＞ <scr\u0131pt> <\u200bscript>",
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_add_no_element_and_no_attribute(hostile: str) -> None:
    base = document("rich", "ru")
    as_long = re.sub(r"\S", "x", hostile)  # a drawing breaks words into as many lines
    harmless = Page(render_digest(with_words(base, as_long), "ru"))
    attacked = Page(render_digest(with_words(base, hostile), "ru"))
    assert attacked.elements == harmless.elements
    assert attacked.attributes == harmless.attributes
    assert attacked.declarations == harmless.declarations
    assert hostile.split("\x00", maxsplit=1)[0] in "".join(attacked.text)


def test_the_hostile_words_reach_every_place_people_write() -> None:
    assert {path[-1] for path in places(document("rich", "ru"))} == {
        "company",
        "name",
        "label",
        "text",
        "question",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_is_one_file_without_script_style_attribute_or_outside_address(
    name: str, language: Language
) -> None:
    html = render_digest(document(name, language), language)
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "base", "form"} & set(page.elements)
    ids = {f"#{value}" for key, value in page.values if key == "id"}
    led_to = [value for key, value in page.values if key == "href"]
    assert len(led_to) == page.elements["a"]
    assert set(led_to) <= ids, "a link leads to a place of the page itself"
    assert not [key for key, _ in page.values if key.startswith("on") or key in {"style", "src"}]
    assert "http" not in html.replace("http-equiv", "")
    assert "url(" not in html
    assert page.declarations == ["doctype html"]


def test_the_policy_allows_the_pages_own_style_and_nothing_else() -> None:
    html = render_digest(document("rich", "en"), "en")
    style = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    contents = [value for key, value in Page(html).values if key == "content"]
    assert len(style) == 1
    assert contents[0] == policy


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_headings_go_down_one_step_at_a_time(name: str, language: Language) -> None:
    html = render_digest(document(name, language), language)
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", html)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_drawing_says_what_it_shows() -> None:
    html = render_digest(document("rich", "ru"), "ru")
    drawings = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(drawings) > 20
    for drawing in drawings:
        if 'aria-hidden="true"' in drawing:
            continue
        assert 'role="img"' in drawing
        title = re.search(r"<title[^>]*>(.+?)</title>", drawing)
        assert title
        assert title[1].strip()
    assert "сентябрь 2026: +" in html


def test_every_table_has_a_caption_and_headers_with_a_scope() -> None:
    html = render_digest(document("rich", "ru"), "ru")
    tables = re.findall(r"<table.*?</table>", html, re.DOTALL)
    assert len(tables) == 17
    for table in tables:
        assert "<caption" in table
        assert not re.search(r"<th(?![a-z])(?![^>]*scope=)", table)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_section_without_data_says_so(language: Language) -> None:
    page = render_digest(document("empty", language), language)
    assert page.count('class="nothing"') == 12
    assert "<table" not in page


def test_numbers_are_written_the_readers_way() -> None:
    russian = render_digest(document("rich", "ru"), "ru")
    english = render_digest(document("rich", "en"), "en")
    assert "71\N{NO-BREAK SPACE}% (от 65\N{NO-BREAK SPACE}% до 77\N{NO-BREAK SPACE}%)" in russian
    assert "71% (65% to 77%)" in english
    for page in (russian, english):
        text = " ".join(Page(page).text)
        assert not re.search(r"(?<![\w–-])-\d", text), "a hyphen is no minus sign"
        point = "," if page is russian else r"\."
        assert not re.search(rf"\d{point}\d{{3,}}", text), "false precision"


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_companys_name_nothing_begins_with_a_dot(language: Language) -> None:
    nameless = {**document("rich", language), "company": ""}
    period = Texts(language).period(nameless["period"]["key"])
    assert render_summary(nameless, language).startswith(f"{period}\n")
    assert f"<title>{period} · " in render_digest(nameless, language)


def test_a_slide_that_is_named_stands_in_the_message_and_in_the_terminal() -> None:
    sliding = copy.deepcopy(document("rich", "ru"))
    sliding["nps"]["slope"] = {
        "months": 12,
        "center": 20.0,
        "change": {"value": -22.0, "low": -38.0, "high": -6.0},
        "level": 0.98,
        "verdict": "worse",
    }
    space = "\N{NO-BREAK SPACE}"
    said = f"За 12{space}месяцев: снижение на 22{space}пункта (от −38 до −6; 98{space}%)."
    for shown in (render_summary(sliding, "ru"), render_text(sliding, "ru")):
        assert said in shown
    assert said in render_digest(sliding, "ru")


def test_a_manager_with_too_few_answers_gets_no_score_but_what_is_missing() -> None:
    html = render_digest(document("rich", "ru"), "ru")
    row = re.search(r"<tr>(?:(?!</tr>).)*Дина Фёдорова.*?</tr>", html, re.DOTALL)
    assert row
    assert "нужно ещё 4\N{NO-BREAK SPACE}ответа" in row[0]
    assert "<svg" not in row[0]


@pytest.mark.parametrize(
    ("verdict", "change", "words"),
    [
        ("better", 23.4, "Рост на 23\N{NO-BREAK SPACE}пункта"),
        ("worse", -21.2, "Снижение на 21\N{NO-BREAK SPACE}пункт "),
        ("no_evidence", 5.0, "отличить её от случайной по этим ответам нельзя"),
        ("too_few", None, "ответов было мало"),
    ],
)
def test_the_headline_says_what_changed_and_whether_it_is_chance(
    verdict: str, change: float | None, words: str
) -> None:
    changed = copy.deepcopy(document("rich", "ru"))
    changed["headline"]["verdict"] = verdict
    changed["headline"]["change"] = change and {
        "value": change,
        "low": change - 9,
        "high": change + 9,
        "shared": 0,
    }
    for written in (
        render_digest(changed, "ru"),
        render_summary(changed, "ru"),
        render_text(changed, "ru"),
    ):
        assert words in written


@pytest.mark.parametrize(
    ("language", "headline", "trend"),
    [
        ("ru", "спрашивали другими словами или по другой шкале", "в тренд не входят: октябрь 2025"),
        ("en", "it was asked in other words or on another scale", "no part of the trend: October"),
    ],
)
def test_a_figure_that_was_asked_otherwise_before_is_not_compared_with_words(
    language: Language, headline: str, trend: str
) -> None:
    changed = copy.deepcopy(document("rich", language))
    for found in (changed["headline"], changed["nps"]):
        found |= {"verdict": "other_words", "change": None, "level": None, "within": None}
    changed["nps"]["trend"][0]["other_words"] = True
    assert trend in render_digest(changed, language)
    for written in (
        render_digest(changed, language),
        render_summary(changed, language),
        render_text(changed, language),
    ):
        assert headline in written


def test_without_a_period_before_the_headline_says_there_is_nothing_to_comparewith_words() -> None:
    alone = copy.deepcopy(document("sparse", "ru"))
    assert "Ответили 7\N{NO-BREAK SPACE}клиентов: судить рано" in render_summary(alone, "ru")
    alone["headline"]["current"]["n"] = 10
    assert "Сравнить пока не с чем" in render_summary(alone, "ru")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_the_message_fits_telegram_whatever_the_names_are(name: str, language: Language) -> None:
    written = document(name, language)
    assert 0 < len(render_summary(written, language)) <= MESSAGE_LIMIT
    long = with_words(written, "Очень длинное имя " * 200)
    assert len(render_summary(long, language)) <= MESSAGE_LIMIT
    assert render_summary(long, language).count("\n") > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_for_a_message_and_a_terminal_carry_the_figures(language: Language) -> None:
    written = document("rich", language)
    assert "+13" in render_summary(written, language)
    assert "Глеб Новиков: −50" in render_text(written, language)


def test_the_text_for_a_terminal_tells_of_gaps_and_themes_but_quotes_nobody() -> None:
    base = document("rich", "ru")
    said = render_text(base, "ru")
    for row in base["mirror"]["managers"]:
        assert (f"• {row['name']}. Разрыв " in said) == (row["profile"] is not None)
    assert re.search(r"; 98,8.%\), оценивает себя выше\. Все вопросы вместе: ", said)
    assert "О чём писали клиенты" in said
    for theme in base["themes"]["rows"]:
        assert f"• {theme['name']}: {theme['n']}" in said
        assert not any(quote["text"] in said for quote in theme["quotes"])


def test_who_was_not_asked_is_counted_in_the_right_form_for_every_reason() -> None:
    shown = copy.deepcopy(document("rich", "ru"))
    shown["funnel"]["not_invited"] = [
        {"reason": "asked_recently", "people": 21},
        {"reason": "campaign_cancelled", "people": 5},
        {"reason": "opted_out", "people": 2},
    ]
    said = "(21 опрошен недавно, 5 из-за завершения кампании, 2 отписались)"
    assert said in render_digest(shown, "ru")
    assert set(COUNTED) == set(Reason)


def test_the_funnel_counts_invitations_of_which_a_customer_may_have_several() -> None:
    shown = copy.deepcopy(document("rich", "ru"))
    page = render_digest(shown, "ru")
    table = page[page.index('<table class="funnel">') :]
    table = table[: table.index("</table>")]
    assert "<caption>Приглашения</caption>" in table
    assert "Люди" not in table
    shown["funnel"] |= {"delivered": 21, "started": 21}
    assert "21 из 21 доставленного приглашения." in render_text(shown, "ru")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_index_of_a_few_criteria_says_of_how_many(language: Language) -> None:
    said = {
        "ru": "Рассчитан по 2 критериям из 7; остальные в него пока не входят.",
        "en": "Made of 2 criteria of 7; the others are not in it yet.",
    }[language]
    few = document("promoters", language)
    assert len(few["effectiveness"]["index"]["weights"]) == 2
    assert said in render_digest(few, language)
    assert said in render_text(few, language)
    whole = copy.deepcopy(few)
    whole["effectiveness"]["index"]["weights"] = dict.fromkeys(WEIGHED, 1 / len(WEIGHED))
    assert said[-20:] not in render_text(whole, language)


def test_each_language_speaks_only_itself() -> None:
    for name in SAMPLES:
        english = render_digest(document(name, "en"), "en")
        for made_up in ("Тишина", "The Workshop"):
            english = english.replace(made_up, "")
        words = set(re.findall(r"[А-Яа-яЁё]{3,}", " ".join(Page(english).text)))
        assert words <= {
            word for row in document(name, "en")["managers"] for word in row["name"].split()
        } | {"Анна", "Смирнова", "Спасибо", "всё", "понравилось"}


def test_the_change_since_the_baseline_wave_stands_beside_the_one_on_the_period_before() -> None:
    page = render_digest(document("rich", "en"), "en")
    assert page.count("since “before”, February 2026") == 4
    assert "asked in other words" in page
    assert "The baseline wave is the one that an admin has chosen" in page
    without = render_digest(document("sparse", "en"), "en")
    assert "baseline" not in re.sub(r"<style>.*?</style>", "", without, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("language", "others", "unstated", "apart"),
    [
        (
            "ru",
            "остальные (7\N{NO-BREAK SPACE}значений)",
            "не указано",
            "3\N{NO-BREAK SPACE}анонимных",
        ),
        ("en", "others (7 values)", "not stated", "3 anonymous answers"),
    ],
)
def test_a_breakdown_names_its_others_those_without_a_value_and_the_anonymous(
    language: Language, others: str, unstated: str, apart: str
) -> None:
    changed = copy.deepcopy(document("rich", language))
    changed["breakdowns"][1]["apart"] = 3
    html = render_digest(changed, language)
    rows = re.findall(r'<th scope="row" dir="auto" class="ours">(.*?)</th>', html)
    assert rows == [unstated, others, unstated]
    assert html.count(apart) == 1
    said = render_text(changed, language)
    assert f"{others}: +30" in said
    assert apart in said


def test_a_long_value_is_cut_and_one_that_looks_like_markup_is_text() -> None:
    changed = copy.deepcopy(document("rich", "ru"))
    changed["breakdowns"][0]["name"] = "<i>" + "п" * 200
    changed["breakdowns"][0]["groups"][0]["label"] = "<b>" + "з" * 200
    html = render_digest(changed, "ru")
    assert "&lt;i&gt;" + "п" * 56 + "…" in html
    assert "&lt;b&gt;" + "з" * 56 + "…" in html
    assert "п" * 57 not in html


def test_without_a_choice_the_page_has_no_word_about_attributes() -> None:
    plain = copy.deepcopy(document("rich", "ru"))
    plain["breakdowns"] = []
    html = render_digest(plain, "ru")
    assert "По признаку" not in html
    assert "на день вопроса" not in html
    assert "По признаку" in render_digest(document("rich", "ru"), "ru")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_channels_are_told_where_there_is_more_than_telegram(language: Language) -> None:
    base = document("rich", language)
    told = {"ru": "На веб-странице", "en": "On the web page"}[language]
    assert told in render_digest(base, language)
    assert told in render_text(base, language)
    alone = copy.deepcopy(base)
    alone["nps"]["channels"] = [one for one in base["nps"]["channels"] if one["group"] != "web"]
    assert told not in render_digest(alone, language)
    assert Texts(language)("By where they answered") not in render_text(alone, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_on_managers_choice_stands_only_where_managers_invited(language: Language) -> None:
    base = document("rich", language)
    said = Texts(language)(
        "Who chooses whom to ask moves the score: read invitations made by managers apart."
    )
    assert said in render_digest(base, language)
    alone = copy.deepcopy(base)
    ways = base["nps"]["touchpoints"]
    alone["nps"]["touchpoints"] = [one for one in ways if one["group"] != "manager"]
    assert alone["nps"]["touchpoints"]
    assert said not in render_digest(alone, language)
