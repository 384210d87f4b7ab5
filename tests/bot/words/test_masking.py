"""What a quote must not give away: names, addresses, phones, numbers of orders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.words.masking import masked


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Ольге Викторовне спасибо", "[имя] спасибо"),
        ("менеджер елена хамит", "менеджер [имя] хамит"),
        ("Сергей - лучший, Вера Иванова тоже", "[имя] - лучший, [имя] тоже"),
        ("Вера в вас есть", "Вера в вас есть"),
        ("пишите на o.p@example.com", "пишите на [контакт]"),
        ("я в телеге @kate_smith", "я в телеге [контакт]"),
        ("Звоните +7 (912) 345-67-89 после шести", "Звоните [контакт] после шести"),
        ("8 912 345 67 89", "[контакт]"),
        ("заказ №А-1024 не пришёл", "заказ [номер] не пришёл"),
        ("заказ 1045671 не пришёл", "заказ [номер] не пришёл"),
        ("заплатил 15000 рублей и 25 000 руб.", "заплатил 15000 рублей и 25 000 руб."),
        ("Работаем с 2019 года, 10 из 10", "Работаем с 2019 года, 10 из 10"),
        ("Kate Smith was rude", "[имя] was rude"),
        ("УПД с ошибкой в ИНН, налоговая завернула", "УПД с ошибкой в ИНН, налоговая завернула"),
        ("Спасибо, ИРА", "Спасибо, [имя]"),
    ],
)
def test_what_is_masked_and_what_stays(text: str, quoted: str) -> None:
    assert masked(text, "ru", ["Kate Smith"]) == quoted


def test_the_mask_is_in_the_digests_language() -> None:
    assert masked("Ask Kate, order #12345", "en", ["Kate Smith"]) == "Ask [name], order [number]"


@given(
    st.text(alphabet="абвг xyz.,!\n", max_size=40),
    st.integers(10**9, 10**11 - 1),
    st.sampled_from(["", " ", "-", " ("]),
)
def test_no_phone_comes_through(around: str, phone: int, gap: str) -> None:
    digits = str(phone)
    written = f"{digits[:3]}{gap}{digits[3:6]}{gap[:1]}{digits[6:]}"
    said = masked(f"{around} {written} {around}", "ru")
    assert digits[-4:] not in said
