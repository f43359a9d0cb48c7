from backends.advice import nearest, other_models


def test_the_tag_that_was_left_out_is_found() -> None:
    assert nearest("llama3.2", ["mistral:latest", "llama3.2:3b"]) == "llama3.2:3b"


def test_a_typo_is_found() -> None:
    assert nearest("lama3", ["mistral", "llama3"]) == "llama3"


def test_nothing_like_it_is_nothing() -> None:
    assert nearest("gpt-5", ["mistral"]) == ""
    assert nearest("", ["mistral"]) == ""
    assert other_models("gpt-5", ["mistral"]) == "The server has: mistral."
    assert other_models("gpt-5", []) == ""


def test_a_long_list_is_cut() -> None:
    models = [f"m{number}" for number in range(20)]
    assert other_models("zzz", models).endswith("m7 and 12 more.")
