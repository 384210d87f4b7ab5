"""What everybody can say: /help, /language, and everything nobody else understood."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.chat import contacts, menus
from bot.chat.arrival import is_menu_tap
from bot.chat.menus import LANGUAGE_NAMES
from bot.chat.say import edit, say, toast
from bot.chat.visit import Visit
from bot.delivery.replies import Replies
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.asking import invitations
from storage.people import people
from templates.texts import LANGUAGES, Texts


async def asked_for_help(_: Message, visit: Visit) -> Replies:
    """Say what can be done here, by role."""
    return [say(visit, menus.help_text(visit.texts, visit.person))]


async def asked_for_languages(_: Message, visit: Visit) -> Replies:
    """Offer the languages."""
    return [say(visit, menus.languages(visit.texts))]


async def chose_language(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Speak another language from now on."""
    for language in LANGUAGES:
        if tap.arguments[:1] == (language,) and visit.person is not None:
            await people.set_language(visit.tx, visit.person.id, language)
            texts = Texts(language)
            text = texts("From now on I speak {language}.", language=LANGUAGE_NAMES[language])
            return [toast(query), edit(query, Screen(text))]
    return [toast(query, visit.texts("That button is out of date."))]


async def blocked_or_back(event: ChatMemberUpdated, visit: Visit) -> Replies:
    """Note that the person blocked the bot, or came back."""
    if event.new_chat_member.status == "kicked":
        await people.unreachable(visit.tx, visit.user.id, visit.now)
    else:
        await people.reachable(visit.tx, visit.user.id, visit.now)
    return []


async def unknown_command(_: Message, visit: Visit) -> Replies:
    """Refuse kindly; what an admin may do is nobody else's to know."""
    return [say(visit, Screen(visit.texts("I do not know this command. What I can do: /help")))]


async def unexpected(_: Message, visit: Visit) -> Replies:
    """Answer what fits nowhere in one sentence."""
    if visit.person is None:
        return [await contacts.stranger(visit)]
    if await invitations.open_of(visit.tx, visit.person.id, visit.now) is not None:
        text = visit.texts("Let us go on with the question above, or send /start to see it again.")
        return [say(visit, Screen(text))]
    return [say(visit, menus.home(visit.texts, visit.person))]


async def stale_button(query: CallbackQuery, visit: Visit) -> Replies:
    """Say that a button no longer works."""
    return [toast(query, visit.texts("This button no longer works. Please send /start."))]


def build_router() -> Router:
    """Return a new router with the handlers of this module."""
    router = Router(name="common")
    router.message.register(asked_for_help, Command("help"))
    router.message.register(asked_for_languages, Command("language"))
    router.callback_query.register(chose_language, is_menu_tap("language"))
    router.my_chat_member.register(blocked_or_back, F.chat.type == "private")
    return router


def build_last_resort() -> Router:
    """Return a new router for what nobody else understood."""
    router = Router(name="last resort")
    router.message.register(unknown_command, F.text.startswith("/"))
    router.message.register(unexpected)
    router.callback_query.register(stale_button)
    return router
