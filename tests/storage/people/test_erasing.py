"""One list says which rows belong to a person; nothing that refers to people may be missing."""

from storage.people.erasing import AT_ADDRESS, ERASED, STAYS
from storage.tables import metadata

PEOPLES_NAMES = ("person_id", "account_of", "about_id", "manager_id", "invitation_id")
"""Columns that refer to people though no rule of the database says so, as in lists on their way."""


def test_every_reference_to_a_person_or_what_is_theirs_is_erased_or_named_as_nobodys() -> None:
    owners = {"people"} | {column.table.name for column, _ in ERASED}
    referring = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name in PEOPLES_NAMES
        or any(key.column.table.name in owners for key in column.foreign_keys)
    }
    erased = {f"{column.table.name}.{column.name}" for column, _ in ERASED}
    at_addresses = {"addresses.person_id"}
    assert referring == erased | set(STAYS) | at_addresses


def test_every_table_with_an_address_is_cleared_of_a_persons() -> None:
    with_address = {one.name for one in metadata.tables.values() if "address" in one.columns}
    assert with_address == {one.name for one in AT_ADDRESS}


def test_what_hangs_on_rows_goes_before_them() -> None:
    order = [column.table.name for column, _ in ERASED]
    for column, owner in ERASED:
        if owner.name in order:
            assert order.index(column.table.name) < order.index(owner.name)
