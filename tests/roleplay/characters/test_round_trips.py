"""A card that is written and read again is the same card, whatever else its file held."""

from typing import Any

import pytest
from fakes.cards import as_json, png, text_chunk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roleplay.characters.contents import Contents
from roleplay.characters.fields import LISTS, TEXTS, edited
from roleplay.characters.formats import every, read_file, write_file

TEXT = st.text(max_size=30)
SCALARS = st.none() | st.booleans() | st.integers() | TEXT | st.floats(allow_nan=False)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.text(min_size=1, max_size=30).filter(lambda name: bool(name.strip()))
FIELDS = st.fixed_dictionaries(
    {"name": NAMES},
    optional={
        **{key: TEXT for key in TEXTS if key != "name"},
        **{key: st.lists(TEXT, max_size=3) for key in LISTS},
        "nickname": TEXT,
        "extensions": st.dictionaries(TEXT, VALUES, max_size=3),
    },
)
UNKNOWN = st.dictionaries(TEXT.filter(lambda key: key not in {"extensions", "assets"}), VALUES)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    data: dict[str, Any] = draw(UNKNOWN) | draw(FIELDS)
    outer = draw(UNKNOWN)
    spec = draw(st.sampled_from(["chara_card_v2", "chara_card_v3"]))
    return as_json(outer | {"spec": spec, "spec_version": "3.0", "data": data})


@pytest.mark.parametrize("form", list(every()))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(file=files())
def test_import_export_import_is_equal(form: str, file: bytes) -> None:
    _, contents = read_file(file, "first")
    named, again = read_file(write_file(contents, form), "second")
    assert named == form
    assert again.card == contents.card


@pytest.mark.parametrize("form", ["png", "charx"])
def test_the_picture_comes_back_byte_for_byte(form: str) -> None:
    picture = png(size=(30, 40))
    card = read_file(as_json({"name": "Mira"}), "mira.json")[1].card
    written = write_file(Contents(card, picture), form)
    assert read_file(written, "again")[1] == Contents(card, picture)


def test_an_edit_changes_what_it_names_and_keeps_all_else() -> None:
    document = {
        "name": "Mira",
        "chat": "Mira - 1",
        "spec": "chara_card_v2",
        "data": {"name": "Mira", "unknown": [1], "extensions": {"x": 1}, "scenario": "Rain."},
    }
    card = read_file(png(text_chunk("chara", document)), "mira.png")[1].card
    changed = edited(card, name="Mora", scenario="Snow.")
    assert (changed.name, changed.scenario) == ("Mora", "Snow.")
    assert changed.outer == {"name": "Mora", "chat": "Mira - 1"}
    assert changed.data == {**card.data, "name": "Mora", "scenario": "Snow."}
