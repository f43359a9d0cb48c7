import pytest
from fakes.presets import STORY, as_file, chat_completion, context, instruct, text_completion
from hypothesis import given
from hypothesis import strategies as st

from roleplay.errors import PresetError
from roleplay.presets.preset import Preset
from roleplay.presets.reading import LARGEST, read_preset
from roleplay.presets.store import from_json, to_json
from roleplay.presets.story import Story
from roleplay.sampler import Sampler


def fates(preset: Preset) -> dict[str, str]:
    return {fate.key: fate.taken or fate.why for fate in preset.fates}


def test_a_text_completion_preset_tells_what_becomes_of_every_key() -> None:
    preset = read_preset(as_file(text_completion()), "dir/Warm.json")
    assert preset.name == "Warm"
    assert preset.sampler == {
        "temperature": 1.25,
        "topK": 40,
        "minP": 0.1,
        "repetitionPenalty": 1.1,
        "dryMultiplier": 0.8,
        "dryBase": 1.75,
        "drySequenceBreakers": ["\n", ":"],
        "bannedStrings": ["a shiver", "ministrations"],
        "max_completion_tokens": 300,
        "maxContextTokens": 8192,
    }
    told = fates(preset)
    assert told.keys() == text_completion().keys()
    assert told["top_p"] == "off, which is as good as unset"
    assert told["mirostat_tau"] == "mirostat is off"
    assert told["xtc_threshold"] == "xtcProbability is off"
    assert told["sampler_order"] == "the server decides the order"
    assert "extraBody" in told["smoothing_factor"]


def test_a_chat_completion_preset_gives_its_prompts_and_none_of_its_secrets() -> None:
    preset = read_preset(as_file(chat_completion()), "x.json")
    assert preset.sampler == {
        "temperature": 0.9,
        "frequencyPenalty": 0.4,
        "max_completion_tokens": 500,
    }
    assert (preset.main, preset.post_history) == ("Write as {{char}}.", "Stay brief.")
    assert fates(preset)["openai_model"] == "the profile says which"
    assert "hunter2" not in to_json(preset)


def test_a_context_template() -> None:
    preset = read_preset(as_file(context()), "x.json")
    assert preset.name == "Tale"
    assert preset.story == Story(STORY, "***", "### The chat", ("***", "### The chat"))
    told = fates(preset)
    assert told["always_force_name2"] == "the prompt always says who speaks"
    assert told["single_line"] == "off"


def test_a_master_export_holds_several() -> None:
    master = {
        "instruct": instruct(),
        "context": context(),
        "sysprompt": {"name": "Plain", "content": "Be {{char}}.", "post_history": "Go on."},
        "preset": text_completion(),
    }
    preset = read_preset(as_file(master), "x.json")
    assert preset.parts == ("sampler", "context", "main", "post-history")
    assert preset.instruct
    assert "template" in fates(preset)["instruct"]


def test_only_an_instruct_template_is_nothing_for_a_channel() -> None:
    assert read_preset(as_file(instruct()), "x.json").parts == ()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "x.json: not JSON, see line 1, column 2."),
        (b"\xff", "x.json: not JSON."),
        (b"[" * 100_000, "x.json: not JSON"),
        (b"[]", "x.json: expected an object"),
        (b"{}", "x.json: no preset of SillyTavern."),
        (b" " * (LARGEST + 1), "x.json: larger than 512 KiB."),
        (as_file(context(story_string=5)), "x.json: story_string is not a text."),
        (as_file(context(story_string="{{#if x}}")), "x.json: story_string: {{#if}} has no end."),
        (as_file(context(chat_start="x" * 20_001)), "chat_start is longer"),
        (as_file({"input_sequence": 5}), "x.json: input_sequence: "),
    ],
)
def test_what_is_no_preset_is_told_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(PresetError) as raised:
        read_preset(data, "x.json")
    assert message in str(raised.value)


@pytest.mark.parametrize("value", ["hot", 99, None, [1], {"a": 1}, True])
def test_a_value_that_cannot_be_is_left_out_and_the_rest_is_taken(value: object) -> None:
    preset = read_preset(as_file(text_completion(temp=value)), "x.json")
    assert "temperature" not in preset.sampler or value is True
    assert preset.sampler["minP"] == 0.1


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(text_completion())), json_values))
def test_whatever_a_sampler_holds_the_config_would_take_it(changed: dict[str, object]) -> None:
    preset = read_preset(as_file(text_completion(**changed)), "x.json")
    Sampler.model_validate(preset.sampler)
    assert fates(preset).keys() == text_completion().keys()


@pytest.mark.parametrize("document", [text_completion(), chat_completion(), context()])
def test_what_is_kept_comes_back(document: dict[str, object]) -> None:
    preset = read_preset(as_file(document), "x.json")
    kept = from_json(to_json(preset))
    assert (kept.name, kept.sampler, kept.story) == (preset.name, preset.sampler, preset.story)
    assert (kept.main, kept.post_history) == (preset.main, preset.post_history)
