"""What is said about a list, its columns and its rows, in the reader's language."""

from collections.abc import Mapping

from bot.errors import Refused
from bot.operations.lists.headings import ListField
from bot.operations.lists.problems import Fault, RowProblem
from bot.operations.tables.refusals import FileRefusal, FileRefused
from surveys.messages import Message, mark
from templates.texts import Texts

REFUSALS: Mapping[FileRefusal, str] = {
    FileRefusal.BOMB: mark("The file unpacks to far too much; nothing of it was read."),
    FileRefusal.BROKEN_ENCODING: mark(
        "Line {value} is damaged: the file is UTF-8, but this line is not. Save the file as "
        "«CSV UTF-8» again and look at this line."
    ),
    FileRefusal.DAMAGED: mark("The file is damaged. Open it in a spreadsheet and save it again."),
    FileRefusal.EMPTY: mark("The file is empty."),
    FileRefusal.ENCODING: mark(
        "It cannot be told in what encoding the file is; save it as «CSV UTF-8», or bring it in on "
        "the server with --encoding."
    ),
    FileRefusal.ENTITIES: mark(
        "The file holds XML declarations that no spreadsheet writes; refused."
    ),
    FileRefusal.HEADING_TWICE: mark(
        "Two columns are headed «{value}», and only one can count. Rename one of them."
    ),
    FileRefusal.LONG_CELL: mark("A cell on line {value} is too long for any list."),
    FileRefusal.NOT_A_TABLE: mark(
        "This is no table. Open it in a spreadsheet and save it as XLSX or «CSV UTF-8»."
    ),
    FileRefusal.NOT_STATED_ENCODING: mark("Line {more} is not in the encoding {value}."),
    FileRefusal.NO_HEADING: mark("There is no column {value}. The headings are: {more}."),
    FileRefusal.OLD_EXCEL: mark(
        "This is an old or password-protected Excel file; save it as XLSX without a password."
    ),
    FileRefusal.PASSWORD: mark("The file is protected by a password; save it without one."),
    FileRefusal.QUOTES: mark(
        "Line {value} opens a quotation mark that does not close there, so the lines below would "
        "be lost in one cell. Close it or take it away."
    ),
    FileRefusal.QUOTE_INSIDE: mark(
        "On line {value} a cell goes on after its closing quotation mark. Within such a cell a "
        "mark is written twice."
    ),
    FileRefusal.TOO_LARGE: mark("The file is larger than {value} MB; split it."),
    FileRefusal.TOO_LONG: mark("The file has more than {value} rows; split it."),
    FileRefusal.TOO_WIDE: mark(
        "The table is too wide or has cells far outside; leave what is needed."
    ),
    FileRefusal.UNKNOWN_ENCODING: mark(
        "There is no encoding «{value}». Usual ones: utf-8, cp1251, koi8-r, cp866, utf-16."
    ),
    FileRefusal.UNREADABLE: mark("The file cannot be read: {value}."),
}
PROBLEMS: Mapping[Fault, str] = {
    Fault.A_COMPANY: mark("a company, not a person"),
    Fault.CANDIDATES: mark("several people here may be «{value}»: write the id"),
    Fault.DATE: mark("«{value}» is no date: write 2026-09-30 or 30.09.2026"),
    Fault.DATE_AS_US: mark("«{value}» is no date: write 9/30/2026, like the others, or 2026-09-30"),
    Fault.DATE_FUTURE: mark("the day «{value}» is still to come"),
    Fault.DATE_UNCLEAR: mark("«{value}» may be day and month or month and day: write 2026-09-30"),
    Fault.EMAIL: mark("«{value}» is no e-mail address"),
    Fault.LANGUAGE: mark("language must be ru or en, not «{value}»"),
    Fault.LEFT: mark("whether somebody has left is yes or no, not «{value}»"),
    Fault.MANAGER: mark("there is no manager «{value}»"),
    Fault.MANAGERS: mark("several managers are called «{value}»: write the id"),
    Fault.NO_ID: mark("no id"),
    Fault.NO_NAME: mark("no name"),
    Fault.PHONE: mark("«{value}» is no phone number that can be dialled"),
    Fault.PHONE_RUSSIAN: mark(
        "«{value}» is written as within Russia: write +7 before it, or the code of its own country"
    ),
    Fault.NO_TEAM: mark("a team lead, but of which team is not said"),
    Fault.ROLE: mark("role must be customer, manager or team lead, not «{value}»"),
    Fault.SHARED_EMAIL: mark("{value} belongs to several people: they may be one and the same"),
    Fault.SHARED_PHONE: mark(
        "{value} belongs to several people, so none of them can come in by phone"
    ),
    Fault.TOO_LONG: mark("«{value}» is longer than 500 characters"),
    Fault.TOO_MANY_CELLS: mark("more cells than headings, from «{value}» on"),
    Fault.TWICE: mark("this id stands on line {value} already"),
}
FIELDS: Mapping[ListField, str] = {
    "external_id": mark("number in the CRM (id)"),
    "name": mark("full name"),
    "first_name": mark("first name"),
    "middle_name": mark("patronymic"),
    "last_name": mark("last name"),
    "role": mark("role"),
    "record_type": mark("kind of record"),
    "company": mark("company"),
    "position": mark("position"),
    "manager": mark("manager"),
    "segment": mark("segment"),
    "team": mark("team"),
    "language": mark("language"),
    "phone": mark("phone"),
    "email": mark("e-mail"),
    "last_purchase": mark("last purchase"),
    "leads": mark("leads the teams"),
    "left": mark("has left"),
    "attribute": mark("an attribute of its own"),
}


class FileNotRead(Refused):
    """A list is not read at all."""

    def __init__(self, refused: FileRefused) -> None:
        reason = refused.code is FileRefusal.UNREADABLE  # then the value is a sentence to translate
        value = Message(refused.value) if reason else refused.value
        super().__init__(REFUSALS[refused.code], value=value, more=refused.more)


def refusal(texts: Texts, refused: FileRefused) -> str:
    """Say why a file is not read."""
    return texts(REFUSALS[refused.code], value=refused.value, more=refused.more)


def problem(texts: Texts, found: RowProblem) -> str:
    """Say why a row is not taken: «line 7: …»."""
    what = texts(PROBLEMS[found.code], value=found.value)
    if found.rows > 1:
        return texts.plural(
            "line {line} and {n} more: {what}",
            "line {line} and {n} more: {what}",
            found.rows - 1,
            line=found.line,
            what=what,
        )
    return texts("line {line}: {what}", line=found.line, what=what)
