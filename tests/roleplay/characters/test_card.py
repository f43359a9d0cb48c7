from roleplay.characters.card import Card


def test_a_nickname_is_what_the_character_is_called() -> None:
    assert Card("Mira of the Nine Lights", nickname="Mira").char == "Mira"
    assert Card("Mira").char == "Mira"
