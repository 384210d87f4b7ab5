"""The admin's screens about texts of consent: pure functions to screens."""

from collections.abc import Mapping, Sequence

from bot.chat.admin_screens import back
from bot.chat.menus import LANGUAGE_NAMES
from bot.chat.privacy.consent_screens import document
from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from storage.people.workspace import Workspace
from storage.privacy.consents import ConsentVersion
from surveys.consents.texts import AS_WRITTEN, AUDIENCES, ConsentAudience
from surveys.messages import LANGUAGES, Language
from templates.texts import Texts

_MOST_VERSIONS = 8


def home(
    texts: Texts,
    space: Workspace,
    own: Mapping[tuple[str, str], str],
    versions: Sequence[ConsentVersion],
) -> Screen:
    """Return the texts as buttons, who answers for the data, and the latest versions."""
    lines = [
        texts("<b>Data and consent</b>"),
        texts(
            "Everybody reads a text of consent before the first question. A change holds for those "
            "who agree from then on; who agreed before keeps their version, unless you ask "
            "everybody anew."
        ),
        _company(texts, space),
        _operator(texts, space),
    ]
    lines += [_version(texts, one, space) for one in versions[:_MOST_VERSIONS]]
    rows = [
        (Button(_label(texts, language, audience, own), _to("consent_text", language, audience)),)
        for audience in AUDIENCES
        for language in LANGUAGES
    ]
    rows.append((name_button(texts),))
    rows.append((Button(texts("Who answers for the data"), MenuTap("operator").pack()),))
    rows.append((Button(texts("How long data is kept"), MenuTap("retention").pack()),))
    return Screen("\n\n".join(lines), (*rows, *back(texts)))


def name_button(texts: Texts) -> Button:
    """Return the button by which the company's name is set."""
    return Button(texts("Company's name"), MenuTap("company_name").pack())


def _company(texts: Texts, space: Workspace) -> str:
    if space.company:
        return texts("Asks in the name of: {company}", company=literal(space.company))
    return texts("The company has no name yet: nobody is asked before it has one.")


def _operator(texts: Texts, space: Workspace) -> str:
    if space.operator:
        who = literal(space.operator)
        return texts("Answers for the data: {operator}", operator=who)
    return texts(
        "Nobody is named who answers for the data: a consent needs the full name, the address and "
        "a contact. Until then the texts name the company alone."
    )


def _version(texts: Texts, one: ConsentVersion, space: Workspace) -> str:
    return texts(
        "Version {version}, {whose}, since {day}: {agreed} agree to it.",
        version=one.text.version,
        whose=_audience(texts, one.text.audience),
        day=texts.date(one.text.first_at.astimezone(space.tzinfo).date()),
        agreed=texts.number(one.agreed),
    )


def _audience(texts: Texts, audience: ConsentAudience) -> str:
    return texts("for customers") if audience == "customers" else texts("for staff")


def _label(
    texts: Texts, language: Language, audience: ConsentAudience, own: Mapping[tuple[str, str], str]
) -> str:
    name = f"{_audience(texts, audience)} · {LANGUAGE_NAMES[language]}"
    return f"{name} ✎" if (language, audience) in own else name


def _to(place: str, language: Language, audience: ConsentAudience) -> str:
    return MenuTap(place, (language, audience)).pack()


def _back(texts: Texts) -> Rows:
    return ((Button(texts("‹ Back"), MenuTap("privacy").pack()),),)


def one(
    texts: Texts, language: Language, audience: ConsentAudience, text: str, *, is_own: bool
) -> Screen:
    """Return a text as people read it, with the way to another."""
    rows: Rows = ((Button(texts("Write another"), _to("consent_new", language, audience)),),)
    if is_own:
        usual = Button(texts("The usual text again"), _to("consent_usual", language, audience))
        rows = (*rows, (usual,))
    anew = Button(texts("Ask everybody anew"), MenuTap("consent_anew", (audience,)).pack())
    return Screen(document(text), (*rows, (anew,), *_back(texts)))


def sure_to_ask_anew(texts: Texts, audience: ConsentAudience, asked: int) -> Screen:
    """Return what asking everybody anew means, and the button that does it."""
    said = texts(
        "Do so where the change needs a new consent: another purpose, other data. Everybody who "
        "agreed before reads the present text before their next survey; a survey that was begun "
        "goes on. Nobody gets a message for it. Who declines is asked nothing more, and what they "
        "said before stays."
    )
    how_many = texts("Nobody has agreed so far.")
    if asked:
        how_many = texts.plural("{n} person agreed so far.", "{n} people agreed so far.", asked)
    yes = Button(texts("Ask everybody anew"), MenuTap("consent_anew", (audience, "yes")).pack())
    return Screen(f"{how_many}\n\n{said}", ((yes,), *_back(texts)))


def asked_anew(texts: Texts, asked: int) -> Screen:
    """Return that everybody is asked anew."""
    said = texts("Nobody has agreed so far: nobody is to be asked anew.")
    if asked:
        said = texts.plural(
            "{n} person is asked anew before the next survey.",
            "{n} people are asked anew before their next survey.",
            asked,
        )
    return Screen(said, _back(texts))


def ask(texts: Texts, language: Language, audience: ConsentAudience) -> Screen:
    """Return how another text is written."""
    said = texts(
        "Send the whole text as one message, {whose}, in this language: {language}. The first line "
        "is the heading. Filled in are {operator}, {company} and {kept}. Below is the present "
        "text: copy it and change what is to be different. Have a lawyer read it.",
        **AS_WRITTEN,
        whose=_audience(texts, audience),
        language=LANGUAGE_NAMES[language],
    )
    return Screen(said, _back(texts))


def ask_for_name(texts: Texts, space: Workspace) -> Screen:
    """Ask for the company's name."""
    said = texts("Send the company's name as its customers know it, 60 characters at most.")
    return Screen(f"{said}\n\n{_company(texts, space)}", _back(texts))


def ask_for_operator(texts: Texts, space: Workspace) -> Screen:
    """Ask who answers for people's data."""
    said = texts(
        "Send the full name, the address and a contact, as they are to stand in the text. For "
        "example: Daisy Ltd, 1 Flower Street, London, privacy@example.com"
    )
    return Screen(f"{said}\n\n{_operator(texts, space)}", _back(texts))


def refused(texts: Texts, why: str) -> Screen:
    """Return what is wrong with a typed text; another may be sent at once."""
    return Screen(literal(why), _back(texts))


def preview(texts: Texts, text: str) -> Screen:
    """Return a typed text as people would read it, and the button that lets it hold."""
    use = Button(texts("Use this text"), MenuTap("consent_use").pack())
    return Screen(document(text), ((use,), *_back(texts)))
