import json

import pytest

from roleplay.errors import PersonaError
from roleplay.personas import Persona, Wardrobe, present
from roleplay.tavern_personas import read_personas
from roleplay.transcript import StoredMessage

LUNA = Persona(1, 4, "Luna", "A witch.")
KAI = Persona(2, 4, "Kai", "A boy.")
REX = Persona(3, 5, "Rex", "A dog.")


class Closet:
    async def worn(
        self, user_id: int, channel_id: int, parent_id: int | None = None
    ) -> Persona | None:
        raise NotImplementedError

    async def wardrobe(self, user_id: int) -> Wardrobe:
        return {4: Wardrobe((KAI, LUNA), 1), 5: Wardrobe((REX,))}.get(user_id, Wardrobe())


def said(author_id: int, name: str) -> StoredMessage:
    return StoredMessage(1, 2, "user" if author_id else "assistant", author_id, name, "Hm.", 1.0)


async def test_those_are_present_as_whom_people_wrote_newest_first() -> None:
    history = [said(4, "Kai"), said(5, "Rex"), said(0, "Mira"), said(4, "Luna"), said(6, "Zoe")]
    assert await present(Closet(), history) == (LUNA, REX, KAI)


async def test_who_writes_under_their_own_name_brings_no_persona() -> None:
    assert await present(Closet(), [said(4, "Ann"), said(6, "Luna")]) == ()


def test_sillytaverns_backup_is_read() -> None:
    backup = {
        "personas": {"a.png": "Luna", "b.png": "Kai", "c.png": " "},
        "persona_descriptions": {"a.png": {"description": "A witch.", "position": 0}, "b.png": 7},
        "default_persona": "a.png",
    }
    assert read_personas(json.dumps(backup).encode()) == {"Luna": "A witch.", "Kai": ""}


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b'{"personas": 1}', b"[" * 100_000])
def test_other_files_are_told_apart(data: bytes) -> None:
    with pytest.raises(PersonaError) as refused:
        read_personas(data)
    assert "Backup" in refused.value.hint
