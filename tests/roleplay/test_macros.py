from roleplay.macros import expand


def test_macros_are_found_in_any_case_and_with_spaces() -> None:
    assert expand("{{char}} {{ Char }} {{CHAR}}", {"char": "Mira"}) == "Mira Mira Mira"


def test_unknown_macros_and_values_stay_as_they_are() -> None:
    assert expand("{{nope}} {{char}}", {"char": "{{nope}} {0.__class__}"}) == (
        "{{nope}} {{nope}} {0.__class__}"
    )
