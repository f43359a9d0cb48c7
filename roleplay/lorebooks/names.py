"""What each field of an entry is called: in SillyTavern's files, and in a card's `extensions`.

The second names are SillyTavern's own for what V2 and V3 have no place for. Names that are the
same in both, and those that V2 has itself, are read in `entries.py`.
"""

from roleplay.lorebooks.book import Source

EXTENSIONS = {
    "excludeRecursion": "exclude_recursion",
    "preventRecursion": "prevent_recursion",
    "delayUntilRecursion": "delay_until_recursion",
    "displayIndex": "display_index",
    "probability": "probability",
    "useProbability": "useProbability",
    "depth": "depth",
    "selectiveLogic": "selectiveLogic",
    "position": "position",
    "role": "role",
    "outletName": "outlet_name",
    "group": "group",
    "groupOverride": "group_override",
    "groupWeight": "group_weight",
    "useGroupScoring": "use_group_scoring",
    "scanDepth": "scan_depth",
    "caseSensitive": "case_sensitive",
    "matchWholeWords": "match_whole_words",
    "vectorized": "vectorized",
    "automationId": "automation_id",
    "sticky": "sticky",
    "cooldown": "cooldown",
    "delay": "delay",
    "ignoreBudget": "ignore_budget",
    "triggers": "triggers",
    "characterFilter": "character_filter",
    Source.PERSONA_DESCRIPTION.value: "match_persona_description",
    Source.CHARACTER_DESCRIPTION.value: "match_character_description",
    Source.CHARACTER_PERSONALITY.value: "match_character_personality",
    Source.CHARACTER_DEPTH_PROMPT.value: "match_character_depth_prompt",
    Source.SCENARIO.value: "match_scenario",
    Source.CREATOR_NOTES.value: "match_creator_notes",
}

TAVERN = {
    "uid": "id",
    "key": "keys",
    "keysecondary": "secondary_keys",
    "content": "content",
    "comment": "comment",
    "constant": "constant",
    "selective": "selective",
    "order": "insertion_order",
    "disable": "enabled",
    "use_regex": "use_regex",
}
"""SillyTavern's names for what V2 and V3 have, too; `disable` is the opposite of `enabled`."""

KNOWN = frozenset({*EXTENSIONS, *TAVERN, *TAVERN.values(), "case_sensitive", "extensions"})
"""Keys of an entry that mean something here."""

BOOK_KNOWN = frozenset(
    {"name", "description", "scan_depth", "token_budget", "recursive_scanning"}
    | {"extensions", "entries"}
)
