"""A file with everything about somebody, for themselves or for the admin who asked."""

import asyncio
import shutil
from datetime import timedelta

from bot.jobs.making import End, Note, Work
from bot.operations.compose import file_to, texts_for
from bot.operations.privacy.handing_out import as_json, as_text, handed_out
from bot.private_files import make_folder, write_privately
from bot.says.said import Document, Show
from bot.says.screens import sentence
from storage.database import Transaction
from storage.people import people
from storage.people.people import Person
from storage.sending import errands, outbox
from templates.texts import Texts

KEPT = timedelta(days=1)
"""How long the file lies beside the database after it was made."""
FILES = ("otklik-mydata.json", "otklik-mydata.txt")


async def make(work: Work) -> End:
    """Write the file and send it to whoever asked: the person themselves, or an admin."""
    wanted = work.errand.parameters
    async with work.database.reading() as reader:
        about = await people.by_id(reader, wanted["person"])
        if about is None:
            return End("skipped", _gone(work))
        kept = await handed_out(reader, about.id, work.now)
    texts = work.texts if work.person else texts_for(about, work.space)
    file = work.folder("mydata") / f"otklik-mydata.{wanted['format']}"
    is_text = wanted["format"] == "txt"
    content = as_text(kept, texts, work.space) if is_text else as_json(kept)
    await asyncio.to_thread(make_folder, file.parent)
    await asyncio.to_thread(write_privately, file, content)
    said = Document(file, _caption(texts, about, own=work.person is None, is_text=is_text))
    return End("done", said, _noting(work, None if work.person else about, said))


def _gone(work: Work) -> Show:
    return Show(sentence(work.texts("This person is no longer known here.")))


def _caption(texts: Texts, about: Person, *, own: bool, is_text: bool) -> str:
    if not own:
        return texts("Everything that is kept about {name}.", name=about.name)
    if is_text:
        return texts("What is kept about you, to read.")
    return texts("Everything that is kept about you, for programs: every row and every field.")


def _noting(work: Work, asker: Person | None, said: Document) -> Note:
    """Return what puts the file on its way to the person, and deletes it a day later."""

    async def note(tx: Transaction) -> None:
        folder = {"folder": work.errand.id}
        await errands.ask(tx, "mydata_over", None, work.now, folder, due_at=work.now + KEPT)
        if asker is not None and asker.address is not None:
            draft = file_to(f"mydata:{work.errand.id}", asker, said, work.now)
            await outbox.put(tx, draft, work.now)

    return note


async def delete(work: Work) -> End:
    """Delete a file that has lain long enough."""
    folder = work.settings.data_directory / "mydata" / str(work.errand.parameters["folder"])
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    return End()
