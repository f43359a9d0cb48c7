from hypothesis import given
from hypothesis import strategies as st

from roleplay.macros.expand import Call, expand


def test_macros_are_found_in_any_case_and_with_spaces() -> None:
    assert expand("{{char}} {{ Char }} {{CHAR}}", {"char": "Mira"}) == "Mira Mira Mira"


def test_unknown_macros_and_values_stay_as_they_are() -> None:
    assert expand("{{nope}} {{char}}", {"char": "{{nope}} {0.__class__}"}) == (
        "{{nope}} {{nope}} {0.__class__}"
    )


def test_a_name_with_more_after_it_is_another_name() -> None:
    macros = {"char": "Mira"}
    assert expand("{{char's}} {{char x}} {{chars}}", macros) == "{{char's}} {{char x}} {{chars}}"


def test_old_cards_write_macros_in_angle_brackets() -> None:
    macros = {"char": "Mira", "user": "Ann"}
    assert expand("<BOT> <char> <USER> <user> <b>", macros) == "Mira Mira Ann Ann <b>"
    assert expand("<USER>", {"char": "Mira"}) == "<USER>"


def test_braces_that_are_no_macro_stay() -> None:
    macros = {"char": "Mira"}
    assert expand("{{{char}}}", macros) == "{Mira}"
    assert expand('{"a":{"b":1}} }} {{', macros) == '{"a":{"b":1}} }} {{'
    assert expand("{{ {{char}} is open", macros) == "{{ Mira is open"
    assert expand("{{}} {{char}}", macros) == "{{}} Mira"


def test_macros_within_macros_are_replaced_first_and_their_values_stay_whole() -> None:
    seen: list[list[str]] = []

    def options(call: Call) -> str:
        seen.append(call.options)
        return call.options[0]

    macros = {"user": "Ann, the {{char}}", "list": options}
    assert expand("{{list:{{user}},nobody}}", macros) == "Ann, the {{char}}"
    assert expand("{{list::{{user}}::nobody}}", macros) == "Ann, the {{char}}"
    assert seen == [["Ann, the {{char}}", "nobody"]] * 2
    assert expand("{{what:{{user}}}}", macros) == "{{what:Ann, the {{char}}}}"


def test_options_are_divided_by_commas_or_by_double_colons() -> None:
    def options(call: Call) -> str:
        return "|".join(call.options)

    macros = {"list": options}
    assert expand("{{list: a , b}}", macros) == "a|b"
    assert expand("{{list:a\\,b,c}}", macros) == "a,b|c"
    assert expand("{{list::a, b::c}}", macros) == "a, b|c"


def test_trim_takes_the_line_ends_around_it() -> None:
    assert expand("a\n\n{{trim}}\r\nb {{trim}}\nc", {}) == "ab c"


def test_a_hostile_text_stays_small_and_quick() -> None:
    bomb = "{{x}}" * 1000
    assert len(expand(bomb, {"x": "y" * 10_000})) < 1_100_000
    assert expand("{{" * 50_000 + "}}" * 50_000, {}) == "{{" * 50_000 + "}}" * 50_000
    assert expand("\0" + "0\0{{x}}", {"x": "y"}) == "0y"


@given(st.text(alphabet="{}<:>,\\ acharUSER/"))
def test_text_without_known_macros_stays_as_it_is(text: str) -> None:
    assert expand(text, {}) == text
