import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.errors import PresetError
from roleplay.presets.handlebars import LONGEST, parse, render

VALUES = {"a": "A", "b": "", "secret": "{{a}}"}


def rendered(text: str) -> str:
    return render(parse(text), VALUES, lambda literal: literal.replace("{{char}}", "Mira"))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{a}}", "A"),
        ("{{{ a }}}", "A"),
        ("{{A}}", "A"),
        ("{{#if a}}yes{{else}}no{{/if}}", "yes"),
        ("{{#if b}}yes{{else}}no{{/if}}", "no"),
        ("{{#if unknown}}yes{{/if}}", ""),
        ("{{#unless b}}yes{{/unless}}", "yes"),
        ("{{#if a}}{{#if b}}1{{else}}2{{/if}}3{{/if}}", "23"),
        ("{{secret}}", "{{a}}"),
        ("{{char}} and {{a}}", "Mira and A"),
        ("x{{! a remark }}y{{!-- {{a}} --}}z", "xyz"),
        ("{{#if a}}\nline\n{{/if}}\nend", "line\nend"),
        ("1\n{{#if b}}\nline\n{{/if}}\n2", "1\n2"),
        ("{{#if a}}{{a}}\n{{/if}}{{#if a}}B\n{{/if}}\n\n", "A\nB\n\n"),
        ("x  {{~a~}}  y", "xAy"),
        ("x\n\n{{trim}}\n\ny", "xy"),
        ("{{roll:1d6}} {{#each x}}", "{{roll:1d6}} {{#each x}}"),
        ("", ""),
    ],
)
def test_the_part_of_handlebars_that_story_strings_use(template: str, expected: str) -> None:
    assert rendered(template) == expected


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{#if a}}", "{{#if}} has no end."),
        ("{{/if}}", "“{{/if}}” ends nothing"),
        ("{{#if a}}{{/unless}}", "ends nothing"),
        ("{{else}}", "ends nothing"),
        ("{{#if a}}1{{else}}2{{else}}3{{/if}}", "ends nothing"),
        ("{{#if a}}" * 21 + "{{/if}}" * 21, "nested too deeply"),
        ("x" * (LONGEST + 1), "longer than"),
    ],
)
def test_what_does_not_match_is_refused(template: str, message: str) -> None:
    with pytest.raises(PresetError, match=message):
        parse(template)


@given(st.text(alphabet="{}#/!~ ifelstrmau\n-", max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        pieces = parse(text)
    except PresetError:
        return
    assert isinstance(render(pieces, VALUES, str), str)
