"""Which router sees what: private chats only, rights by role, everything else refused."""

from aiogram import Dispatcher, F, Router

from bot.chat import (
    admin,
    arrival,
    backups,
    cards,
    common,
    contacts,
    gone,
    leaving,
    links,
    outbox,
    people,
    survey,
)
from bot.chat.sheets import Handles
from bot.chat.visit import Visit, VisitMiddleware


def is_admin(_: object, visit: Visit) -> bool:
    """Filter: the sender is an admin by numeric Telegram id."""
    return visit.person is not None and visit.person.is_admin


def build_dispatcher() -> Dispatcher:
    """Return a new dispatcher; each handler gets `tx`, `now` and `visit`, and returns replies.

    The order is the meaning: who has left comes no further; then commands and links, the roles'
    menus, the open survey's taps and words, at last the sentence for what nobody understood.
    """
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.update.outer_middleware(VisitMiddleware(Handles()))
    private = Router(name="private chats")
    private.message.filter(F.chat.type == "private")
    private.callback_query.filter(F.message.chat.type == "private")
    staff = admin.build_router()
    staff.include_router(people.build_router())
    staff.include_router(links.build_router())
    staff.include_router(outbox.build_router())
    staff.include_router(backups.build_router())
    staff.include_router(leaving.build_router())
    staff.message.filter(is_admin)
    staff.callback_query.filter(is_admin)
    private.include_router(gone.build_router())
    for build in (arrival.build_router, contacts.build_router, common.build_router):
        private.include_router(build())
    private.include_router(staff)
    private.include_router(cards.build_router())
    private.include_router(survey.build_router())
    private.include_router(common.build_last_resort())
    dispatcher.include_router(private)
    return dispatcher
