from pathlib import Path

import pytest
from fakes.sqlite import names_in

from roleplay.bindings import ChannelBinding, GuildSettings
from storage.checkup import check_database, check_folder, check_sqlite, stored_places
from storage.open import FILE_NAME, open_stores


@pytest.mark.parametrize(
    ("version", "outcome"), [((3, 51, 2), "warning"), ((3, 51, 3), "ok"), ((3, 60, 0), "ok")]
)
def test_an_sqlite_with_the_fault_is_worth_a_look(
    version: tuple[int, int, int], outcome: str
) -> None:
    found = check_sqlite(version)
    assert found.outcome == outcome
    assert ("one connection" in found.hint) == (outcome == "warning")


def test_a_folder_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    assert check_folder(tmp_path / "not" / "yet").outcome == "ok"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    found = check_folder(tmp_path / "data")
    assert found.outcome == "error"
    assert "another folder" in found.hint


async def test_no_database_is_no_fault(tmp_path: Path) -> None:
    assert (await check_database(tmp_path)).outcome == "skipped"
    assert await stored_places(tmp_path) == ([], [])
    assert names_in(tmp_path) == set()


async def test_a_sound_database_is_well_and_unchanged(tmp_path: Path) -> None:
    async with open_stores(tmp_path):
        pass
    before = (tmp_path / FILE_NAME).read_bytes()
    assert (await check_database(tmp_path)).outcome == "ok"
    assert (tmp_path / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("spoil", [b"not a database at all", b""])
async def test_a_damaged_database_is_found(tmp_path: Path, spoil: bytes) -> None:
    async with open_stores(tmp_path):
        pass
    whole = (tmp_path / FILE_NAME).read_bytes()
    spoiled = spoil + whole[len(spoil) :] if spoil else whole[:4096] + b"\xff" * (len(whole) - 4096)
    (tmp_path / FILE_NAME).write_bytes(spoiled)
    found = await check_database(tmp_path)
    assert found.outcome == "error"
    assert "damaged" in found.detail


async def test_a_running_bots_database_is_not_checked_but_its_places_are_read(
    tmp_path: Path,
) -> None:
    async with open_stores(tmp_path) as stores:
        await stores.bindings.bind(ChannelBinding(7, 70, bound_by=1, bound_at=1.0))
        await stores.bindings.save_guild(GuildSettings(70, "main", 9))
        found = await check_database(tmp_path)
        assert (found.outcome, "running bot" in found.detail) == ("skipped", True)
        channels, guilds = await stored_places(tmp_path)
    assert [(one.guild_id, one.channel_id) for one in channels] == [(70, 7)]
    assert [one.outage_channel_id for one in guilds] == [9]
