"""SillyTavern's presets, as its programs write them."""

import json
from typing import Any

Json = dict[str, Any]

STORY = (
    "{{#if system}}{{system}}\n{{/if}}{{#if wiBefore}}{{wiBefore}}\n{{/if}}"
    "{{#if description}}{{char}}: {{description}}\n{{/if}}{{#if persona}}{{persona}}\n{{/if}}"
    "{{trim}}\n\n"
)


def text_completion(**keys: Any) -> Json:
    return {
        "temp": 1.25,
        "top_p": 1,
        "top_k": 40.0,
        "min_p": 0.1,
        "rep_pen": 1.1,
        "freq_pen": 0,
        "mirostat_mode": 0,
        "mirostat_tau": 5,
        "dry_multiplier": 0.8,
        "dry_base": 1.75,
        "dry_sequence_breakers": '["\\n", ":"]',
        "banned_tokens": '"a shiver"\n[1, 2]\n"ministrations"',
        "xtc_threshold": 0.1,
        "xtc_probability": 0,
        "sampler_order": [6, 0, 1],
        "smoothing_factor": 0.2,
        "genamt": 300,
        "max_length": 8192,
    } | keys


def chat_completion(**keys: Any) -> Json:
    return {
        "chat_completion_source": "openai",
        "openai_model": "gpt",
        "proxy_password": "hunter2",
        "temperature": 0.9,
        "frequency_penalty": 0.4,
        "openai_max_tokens": 500,
        "stream_openai": True,
        "prompts": [
            {"identifier": "main", "content": "Write as {{char}}."},
            {"identifier": "jailbreak", "content": "Stay brief."},
            {"identifier": "chatHistory", "marker": True},
        ],
    } | keys


def context(**keys: Any) -> Json:
    return {
        "name": "Tale",
        "story_string": STORY,
        "example_separator": "***",
        "chat_start": "### The chat",
        "use_stop_strings": True,
        "always_force_name2": True,
        "trim_sentences": False,
        "single_line": False,
    } | keys


def instruct(**keys: Any) -> Json:
    return {"name": "Mark", "input_sequence": "<u>", "output_sequence": "<a>"} | keys


def as_file(document: object) -> bytes:
    return json.dumps(document).encode()
