"""Words that mean something else beside certain others: who answers for an order replies to nobody.

Patterns of a clause's words, parted by a space. What is not counted is the one word that misleads,
the first or the last of a pattern: of «за доставку никто не отвечает» the delivery stays.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_ANSWERS: Final = r"(?:отвеча\w*|ответ(?:ит|ят|ил|им)\w*)"
_SPAN: Final = (
    r"(?:[\w-]+ ){0,2}(?:секунд\w*|мин|минут\w*|час|часа|часов|часик\w*|полчас\w*|полдня|день|дня"
    r"|дней|дни|сут\w*|недел\w*|месяц\w*|вечер\w*|ноч[ьи]|выходн\w*|мгновени\w*|раз)\b"
)
"""How long something takes: «отвечают за пять минут» is about the speed of a reply."""
_LASTS: Final = (
    r"(?:[\w-]+ ){0,3}(?:second|minute|hour|day|night|week|month|year|age|long|time)s?\b"
)
_FITS: Final = (
    r"(?:требовани|ожидани|запрос|стандарт|потребност|описани|услови|критери|норм|уровн|задач|цел"
    r"|интерес|вкус|цен|назначени)(?:ям|ам|ю|у|е|и)\b"
)
_FEELINGS: Final = (
    r"(?:удовольств|радост|неудобств|хлопот|неприятност|беспокойств|проблем|огорчен)\w*"
)
_GOES: Final = r"(?:уход(?:ит|ят|ило)|уш(?:ло|ла|ли|ел)|уйд(?:ет|ут))"
_EVADES: Final = r"(?:уход\w+|уйти|уйд\w+|уш(?:ел|ла|ло|ли)|уклон\w+|увил\w+)"
"""Who does so has answered, at whatever speed: «ушли от ответа», «уклоняются от ответа»."""
_WHO_GOES: Final = (
    r"(?:менеджер|сотрудник|мастер|директор|товар|заказ|груз|посылк|машин|курьер|водител|письм"
    r"|платеж|оплат)\w{0,2}"
)
"""Who or what goes without any customer leaving: «менеджер ушёл», «груз ушёл»."""
_STAYS: Final = (
    r"(?!(?:буд(?:у|ем)|стан(?:у|ем)|хо(?:чу|тим|чется)|закаж\w+|заказ\w+|закупа\w+|покупа\w+|куп(?:лю|им)"
    r"|бер(?:у|ем)|возьм(?:у|ем)|прид(?:у|ем)|приед(?:у|ем)|прихо(?:жу|дим)|приезжа(?:ю|ем)"
    r"|зайд(?:у|ем)|захо(?:жу|дим)|пойд(?:у|ем)|обраща(?:юсь|емся)|обра(?:щусь|тимся)"
    r"|(?:вос)?пользу(?:юсь|емся)|работа(?:ю|ем)|сотруднича\w+|верн(?:усь|емся)|сун(?:усь|емся)"
    r"|рискн(?:у|ем)|свяж(?:усь|емся)|связыва(?:юсь|емся)|доверя(?:ю|ем)|ваш\w*|клиент\w*)\b)[\w-]+"
)
"""What follows «больше не» where nobody leaves: «больше не опаздывают», «больше не звонят»."""
_LEAVES_NOW: Final = (
    r"(?:(?:я|мы|у вас|к вам|с вами) )*"
    r"(?:заказыва|покупа|бер|обраща|работа|прихо|приезжа)(?:ю|ем|у|юсь|емся|жу|дим)\b"
)
_OURS: Final = (
    r"(?:товар|продукц|обслуж|услуг|работ|матери|сервис|издел|сырь|печат|упаков|достав|рыб|мяс"
    r"|ваш|наш|этого|этой|этих|их|его|ее|самого|самой|и|не|я|мы|нет|есть|увер|сомн)"
)
_OF_QUALITY: Final = "".join(
    rf"(?<!\b{word} )"
    for word in (
        *("разница", "разницы", "разницу", "уверен", "уверена", "уверены", "сомневаюсь"),
        *("сомневаемся", "сомнения", "проблема", "проблемы", "проблем", "дело", "потеряли"),
        *("потерял", "теряют", "теряет", "уступает", "уступают", "разочарован", "разочарованы"),
        *("выиграли", "проигрывает", "проигрывают", "прибавили", "причина", "недостатки"),
    )
)
"""Before «в качестве» these speak of the quality itself: «разница в качестве»."""
_FIRST: Final = (
    rf"{_ANSWERS} за (?!{_SPAN})",
    rf"{_ANSWERS} (?:(?!(?:на|в|по|о|об|с|от|при|через) )[\w-]+ ){{0,2}}{_FITS}",
    r"обменя\w+ (?:контакт|мнени|опыт|телефон|визитк)\w*",
    r"слома\w+ (?:себе )?голов\w+",
    r"грубо говоря",
    r"дорог(?:ие|ая|ой) (?:друзья|друг|коллеги|коллега|редакция)",
    r"позици\w+ (?:компани|руководств|фирм)\w*",
    r"приложени\w+ к (?:договор|счет|акт|заказ)\w*",
    rf"(?<!\bno )answers for (?!{_LASTS})",
    rf"(?:(?<=\bto )|(?<=\bmust )|(?<=\bwill )|(?<=\bshould ))answer for (?!{_LASTS})",
    r"(?:answer|respond)\w* (?:[\w-]+ ){0,2}(?:need|requirement|expectation|standard)s?\b",
    r"return(?:s|ed|ing)? (?:[\w-]+ )?calls?\b",
    r"manag(?:e|es|ed|ing) to\b",
    rf"больше не {_STAYS}",
    rf"^последний раз (?!{_LEAVES_NOW})[\w-]+",
    rf"{_GOES} (?:[\w-]+ ){{0,3}}(?:врем|час|минут|день|дня|дней|недел|месяц|сил|денег|год)\w*",
    rf"(?:{_GOES}|уйти|уходить) (?:от ответ|от тем|в отпуск|на обед|на больничн)\w*",
    r"конкурентн\w+ (?:цен|предложени|преимуществ|услови|рын|сред)\w*",
    rf"достав(?:ля\w+|ил\w*|ит\w*) (?:[\w-]+ ){{0,2}}{_FEELINGS}",
    r"коробк\w+ передач",
    r"размер\w* (?:скидк|предоплат|аванс|оплат|штраф|комисс|наценк|счет|долг|бонус)\w*",
    r"груб\w+ (?:помол|ткан|очистк|ошибк|фильтр|обработк|подсчет|прикидк)\w*",
    r"свеж\w+ (?:взгляд|голов|воздух|новост|информаци|сил|иде)\w*",
    r"promising [\w-]+",
    r"deliver(?:s|ed|ing)? (?:results?|on)\b",
    r"package deals?\b",
    r"replaced (?:my|our|the) (?:manager|rep|contact)\b",
    r"arrived at (?:a|the|an) (?:decision|agreement|conclusion)\b",
    r"silent (?:motor|pump|fan|engine|mode|machine|fridge|compressor)s?\b",
    "".join(
        rf"(?<!\b{verb} {whose} )"
        for verb in ("is", "was", "be", "s")
        for whose in ("my", "our", "the")
    )
    + r"last order [\w'’]+",
    r"switch(?:es|ed|ing)? (?:on|off)\b",
)
_LAST: Final = (
    rf"за (?!{_SPAN})[\w-]+ (?:(?:никто|кто|он|она|они|вы|менеджер) )?(?:не )?{_ANSWERS}",
    rf"{_OF_QUALITY}в качестве(?= (?!{_OURS}\w*\b)[\w-]+)",
    rf"^(?:(?:и|а|но|вот|когда|как) )*в последний(?= раз (?!{_LEAVES_NOW})[\w-]+)",
    rf"{_EVADES} от (?:(?:прямого|прямых|любого|любых|всякого|четкого) )?ответ(?:а|ов)\b",
    rf"(?:врем\w+|деньги|недел\w+|дни|силы|{_WHO_GOES}) (?:[\w-]+ )?{_GOES}",
    r"(?:цен\w+|услови\w+|предложени\w+) (?:[\w-]+ )?конкурентн\w+",
    r"(?:почтов\w+|электронн\w+|долг\w+) ящик\w*",
    r"в отношении(?! ко? )",
    r"име\w+ (?:[\w-]+ ){0,2}отношени[яе]",
    r"(?:грош|себе|любой) цен\w+",
    r"за (?:(?:мой|твой|наш|ваш|свой|их|его|чужой|чей|собственный) )?счет\b",
    r"на этот счет\b",
    r"(?:конечном счете|большому счету|два счета|хорошем счету|не в счет)\b",
    r"подарочн\w+ сертификат\w*",
    r"gift certificates?\b",
    r"(?:user|budget|family|child|environmentally) friendly\b",
    r"price range\b",
    r"(?:construction|building) site\b",
    r"(?:mail|post|voice) box(?:es)?\b",
    r"(?:they|he|she|you|who) (?:always )?claim\b",
    r"at all costs?\b",
    r"on site\b",
)
WORDS_OF_THEIR_OWN: Final = frozenset(
    (
        *("contact", "contacts", "contacted", "contacting", "contrast", "shopping", "shopped"),
        *("skipping", "produce", "produced", "science", "extensive", "expansive", "qualify"),
        *("prince", "broker", "diver"),
    )
)
"""English words that are no slips of those of the usual rules: no dictionary tells them apart."""
NO_FORMS: Final = {"friend": "friendly", "friends": "friendly", "lately": "late"}
"""English words whose stem is that of another word, by the one of the rules that they are not."""
_PATTERNS: Final = tuple(
    (re.compile(rf"\b(?:{'|'.join(patterns)})"), is_last)
    for patterns, is_last in ((_FIRST, False), (_LAST, True))
)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Words from `start` to before `end` of which the one at `word` has another meaning."""

    word: int
    start: int
    end: int


def otherwise(words: Sequence[str]) -> Iterator[Otherwise]:
    """Yield what has another meaning among the folded words of a clause."""
    text = " ".join(words)
    for pattern, is_last in _PATTERNS:
        for found in pattern.finditer(text):
            start = text.count(" ", 0, found.start())
            end = text.count(" ", 0, len(found[0].rstrip()) + found.start()) + 1
            yield Otherwise(end - 1 if is_last else start, start, end)
