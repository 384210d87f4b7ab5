"""What everybody can say: /help, /language, and everything nobody else understood."""

from collections.abc import Sequence
from dataclasses import replace

from bot.chat import contacts, menus
from bot.chat.menus import LANGUAGE_NAMES
from bot.chat.privacy import consents
from bot.chat.surveys import progress, survey
from bot.chat.visit import Visit
from bot.operations.compose import first_screen
from bot.says.channels import ways
from bot.says.heard import Command, Contact, Heard, Membership, Tap
from bot.says.said import Change, Reply, Said, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.answering import invitations
from storage.people import people
from surveys.messages import Language, known_language
from templates.texts import Texts


async def asked_for_help(_: Command, visit: Visit) -> Reply:
    """Say what can be done here, by role."""
    has_pages = visit.workspace.web_url is not None
    return Show(menus.help_text(visit.texts, visit.person, has_pages=has_pages))


async def asked_for_languages(_: Command, visit: Visit) -> Reply:
    """Offer the languages."""
    return Show(menus.languages(visit.texts))


async def chose_language(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Speak another language from now on."""
    language = known_language("".join(tap.button.arguments[:1]))
    if language is None or visit.person is None:
        return Toast(visit.texts("That button is out of date."))
    await people.set_language(visit.tx, visit.person.id, language)
    if visit.person.is_admin:
        await people.show_commands(visit.tx, visit.person.id, visit.now)
    texts = Texts(language)
    said = texts("From now on I speak {language}.", language=LANGUAGE_NAMES[language])
    return [Change(Screen(said)), *await _asked_in(language, visit)]


async def _asked_in(language: Language, visit: Visit) -> Sequence[Said]:
    """Return the open question in another language, in its own message: nobody is notified.

    An invitation stays one, which says who asks and who sees the answers. An anonymous sheet is
    known by the buttons of its message alone, so once begun that message stays.
    """
    known = replace(visit.known, language=language)
    step = await survey.open_step(replace(visit, person=known, texts=Texts(language)))
    if step is None or step.invitation is None or step.invitation.message_id is None:
        return []
    message = step.invitation.message_id
    if step.invitation.started_at is None:
        return [Change(first_screen(step.view), message)]
    if step.survey.anonymous or await step.current() is None:
        return []
    return [Change(await progress.present(step), message)]


async def blocked_or_back(event: Membership, visit: Visit) -> Reply:
    """Note that the person blocked the bot, or came back."""
    if event.blocked:
        await people.unreachable(visit.tx, visit.address, visit.now)
    else:
        await people.reachable(visit.tx, visit.address)
    return []


async def unknown_command(_: Command, visit: Visit) -> Reply:
    """Refuse kindly, without saying what admins may do."""
    return Show(Screen(visit.texts("I do not know this command. What I can do: /help")))


async def shared_card(card: Contact, visit: Visit) -> Reply:
    """Take the sender's own card; another's says nothing, and only a stranger was asked for one."""
    if card.owner == visit.who.address:
        return await contacts.shared(card, visit)
    if visit.person is None:
        return await contacts.anothers(visit)
    return await unexpected(card, visit)


async def unexpected(_: Heard, visit: Visit) -> Reply:
    """Answer what fits nowhere in one sentence."""
    if visit.person is None:
        return await contacts.stranger(visit)
    if not visit.person.has_agreed:
        return Show(consents.first_screen(visit, visit.person))
    if await invitations.open_of(visit.tx, visit.person.id, visit.now) is not None:
        text = visit.texts("Let us go on with the question above, or send /start to see it again.")
        return Show(Screen(text))
    return Show(menus.home(visit.texts, visit.person))


async def stale_button(_: Tap[object], visit: Visit) -> Reply:
    """Say that a button no longer works."""
    return Toast(visit.texts(ways(visit.who.channel).no_button))
