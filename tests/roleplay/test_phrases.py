from roleplay.phrases import catalogue, say


def test_values_fill_their_places_and_are_not_read_again() -> None:
    assert say("{a} and {b}", a="{b}", b=2) == "{b} and 2"


def test_a_value_cannot_reach_into_objects() -> None:
    assert say("{a.__class__} {a}", a="x") == "{a.__class__} x"


def test_a_catalogue_replaces_the_english() -> None:
    token = catalogue.set({"Hello {name}": "Hallo {name}"})
    try:
        assert say("Hello {name}", name="Ann") == "Hallo Ann"
    finally:
        catalogue.reset(token)
