"""Every kind of file that people have characters in, as other programs write it."""

import io
import json
import zipfile
from typing import Any

import pytest
import yaml
from fakes.cards import apng, archive, as_json, charx, png, text_chunk, v1, v2, v3

from roleplay.characters.card import Card, DepthPrompt
from roleplay.characters.contents import Contents
from roleplay.characters.formats import every, read_file, write_file
from roleplay.errors import CardError


def card_in(data: bytes) -> Card:
    return read_file(data, "mira")[1].card


def test_a_v1_card_has_its_six_texts_and_keeps_its_macros() -> None:
    form, contents = read_file(as_json(v1(avatar="none")), "mira.json")
    card = contents.card
    assert form == "json"
    assert (card.name, card.scenario) == ("Mira", "A storm outside.")
    assert card.description == "{{char}} keeps the inn; <USER> is her guest."
    assert card.data["avatar"] == "none"
    assert (card.talkativeness, card.depth_prompt, contents.notes) == (0.5, None, ())


def test_a_v2_card_has_what_sillytavern_keeps_in_its_extensions() -> None:
    card = card_in(as_json(v2()))
    assert card.alternate_greetings == ("Who is there?", "You are late.")
    assert card.system_prompt == "{{original}} Be brief."
    assert (card.tags, card.creator, card.character_version) == (
        ("inn", "storm"),
        "somebody",
        "1.2",
    )
    assert card.talkativeness == 0.8
    assert card.depth_prompt == DepthPrompt("It rains.", 2, "user")
    assert card.data["extensions"]["another/program"] == {"kept": [1, None, {"deep": True}]}


def test_a_v3_card_is_called_by_its_nickname() -> None:
    card = card_in(as_json(v3()))
    assert (card.name, card.char) == ("Mira", "Mi")
    assert card.group_only_greetings == ("All of you, come in.",)
    assert card.data["creation_date"] == 1700000000


def test_a_newer_card_is_imported_with_a_warning_and_keeps_its_version() -> None:
    newer = v3(hologram=True) | {"spec_version": "3.7"}
    _, contents = read_file(as_json(newer), "mira.json")
    assert contents.card.data["hologram"] is True
    assert "version 3.7, newer than 3.0" in contents.notes[0]
    assert json.loads(write_file(contents, "json"))["spec_version"] == "3.7"


@pytest.mark.parametrize("make", [png, apng])
@pytest.mark.parametrize("keyword", ["chara", "Chara", "ccv3", "CCV3"])
def test_a_picture_holds_its_card_under_either_keyword(make: Any, keyword: str) -> None:
    form, contents = read_file(make(text_chunk(keyword, v2())), "mira.png")
    assert (form, contents.card.name) == ("png", "Mira")
    assert contents.picture == make()


def test_v3_wins_wherever_it_stands_and_a_broken_one_hides_nothing() -> None:
    old, new = text_chunk("chara", v2(name="Old")), text_chunk("ccv3", v3(name="New"))
    assert card_in(png(old, after=[new])).name == "New"
    broken = text_chunk("ccv3", {"spec": "chara_card_v3", "data": {"name": ["?"]}})
    _, contents = read_file(png(broken, old), "mira.png")
    assert contents.card.name == "Old"
    assert contents.notes == ("mira.png, ccv3: data.name is a list, not a text.",)


def test_an_export_to_png_replaces_both_cards_and_leaves_the_picture_alone() -> None:
    old = [text_chunk("chara", v2(name="Old")), text_chunk("ccv3", v3(name="Old"))]
    _, contents = read_file(apng(*old), "mira.png")
    written = write_file(contents, "png")
    assert written.count(b"ccv3\0") == written.count(b"chara\0") == 1
    assert written.startswith(apng()[:-12])
    assert written.endswith(apng()[-12:])


def test_a_card_without_a_picture_is_written_into_a_plain_one_and_read_without() -> None:
    _, contents = read_file(as_json(v3()), "mira.json")
    again = read_file(write_file(contents, "png"), "mira.png")[1]
    assert (again.card, again.picture) == (contents.card, None)


def test_a_charx_keeps_its_files_and_shows_its_icon() -> None:
    icon = {"type": "icon", "uri": "embeded://assets/icon.png", "name": "main", "ext": "png"}
    files = {"assets/icon.png": png(), "assets/theme.mp3": b"ID3"}
    form, contents = read_file(charx(v3(assets=[icon]), **files), "mira.charx")
    assert (form, contents.picture, contents.assets) == ("charx", png(), files)
    assert read_file(write_file(contents, "charx"), "again")[1] == contents


def test_a_charx_made_from_a_png_names_its_picture_for_other_programs() -> None:
    _, contents = read_file(png(text_chunk("ccv3", v3())), "mira.png")
    written = write_file(contents, "charx")
    with zipfile.ZipFile(io.BytesIO(written)) as opened:
        icon = json.loads(opened.read("card.json"))["data"]["assets"][0]
        assert (icon["type"], icon["name"], icon["ext"]) == ("icon", "main", "png")
        assert opened.read(icon["uri"].removeprefix("embeded://")) == png()
    assert read_file(written, "again")[1] == contents


def test_text_generation_webuis_yaml() -> None:
    text = "name: Mira\ngreeting: |-\n  Come in!\ncontext: An innkeeper.\nturn_template: ''\n"
    form, contents = read_file(text.encode(), "mira.yaml")
    card = contents.card
    assert (form, card.name) == ("yaml", "Mira")
    assert (card.first_mes, card.description) == ("Come in!", "An innkeeper.")
    assert card.data["turn_template"] == ""


@pytest.mark.parametrize("dump", [json.dumps, yaml.safe_dump])
def test_pygmalions_character(dump: Any) -> None:
    document = {
        "char_name": "Mira",
        "char_persona": "An innkeeper.",
        "world_scenario": "A storm.",
        "char_greeting": "Come in!",
        "example_dialogue": "You: Hi",
    }
    card = card_in(dump(document).encode())
    assert (card.name, card.description, card.scenario) == ("Mira", "An innkeeper.", "A storm.")
    assert (card.first_mes, card.mes_example) == ("Come in!", "You: Hi")


def test_an_export_to_yaml_is_one_that_text_generation_webui_reads() -> None:
    written = yaml.safe_load(write_file(Contents(card_in(as_json(v3()))), "yaml"))
    assert (written["name"], written["greeting"]) == ("Mira", "Come in, {{user}}!")
    assert written["context"].startswith("{{char}} keeps the inn")


@pytest.mark.parametrize("form", list(every()))
def test_what_stood_beside_the_data_goes_along(form: str) -> None:
    document = v2() | v1() | {"create_date": "2024-1-1", "chat": "Mira - 1", "avatar": "none"}
    _, contents = read_file(as_json(document), "mira.json")
    again = read_file(write_file(contents, form), "again")[1]
    assert again.card == contents.card
    assert again.card.outer["chat"] == "Mira - 1"


def test_a_file_is_known_by_what_is_in_it() -> None:
    assert read_file(png(text_chunk("chara", v2())), "mira.json")[0] == "png"
    assert read_file(b"\xef\xbb\xbf" + as_json(v1()), "mira.png")[0] == "json"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no kind of file"),
        (b"MZ\x90\0: ", "no kind of file"),
        (b"<html>hello</html>", "no kind of file"),
        (png(), "a picture without a character in it"),
        (b'{"name": "x"', "line 1, column 13 is not JSON"),
        (b'{"entries": {}}', "holds no character"),
        (b"[1, 2]", "holds no character"),
        (b"just: [a, b", "line 1, column"),
        (archive({"readme.txt": b"x"}), "a zip without the file card.json"),
    ],
)
def test_what_is_no_character_says_so_and_names_the_file(data: bytes, told: str) -> None:
    with pytest.raises(CardError, match="mira") as caught:
        read_file(data, "mira.png")
    assert told in str(caught.value)
    assert caught.value.hint
