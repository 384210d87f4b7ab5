"""The command menu beside the text field: admins have one of their own."""

from bot.jobs.making import End, Work
from bot.operations.compose import texts_for
from storage.people import people


async def publish(work: Work) -> End:
    """Show a person's chat the commands that are theirs now."""
    async with work.database.reading() as reader:
        person = await people.get(reader, work.errand.parameters["person"])
    if person.address is not None:
        language = texts_for(person, work.space).language if person.is_admin else None
        await work.menus(person.address, language)
    return End()
