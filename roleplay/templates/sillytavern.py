"""SillyTavern's instruct presets as templates.

Semantics of `public/scripts/instruct-mode.js`: https://docs.sillytavern.app/usage/prompts/instructmode/
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from roleplay.templates.template import Template, Turn


class InstructPreset(BaseModel):
    """The keys that say how a prompt is written; all others are SillyTavern's own affair.

    Accepts also a "master" export, where the preset is the part `instruct`, and the names that keys
    had in older versions.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    input_sequence: str
    output_sequence: str
    system_sequence: str = ""
    input_suffix: str = ""
    output_suffix: str = ""
    system_suffix: str = ""
    first_input_sequence: str = ""
    last_input_sequence: str = ""
    first_output_sequence: str = ""
    last_output_sequence: str = ""
    last_system_sequence: str = ""
    story_string_prefix: str = ""
    story_string_suffix: str = ""
    system_sequence_prefix: str = ""
    system_sequence_suffix: str = ""
    stop_sequence: str = ""
    wrap: bool = True
    macros: bool = Field(default=True, alias="macro")
    names_behavior: Literal["none", "force", "always"] = "force"
    system_same_as_user: bool = False
    sequences_as_stop_strings: bool = True
    user_alignment_message: str = ""

    @model_validator(mode="before")
    @classmethod
    def _migrated(cls, data: JsonValue) -> JsonValue:
        if not isinstance(data, dict):
            return data
        inner = data.get("instruct")
        preset = dict(inner if isinstance(inner, dict) else data)
        if "separator_sequence" in preset:
            preset.setdefault("output_suffix", preset["separator_sequence"])
        if "names" in preset:
            group = "force" if preset.get("names_force_groups") else "none"
            preset.setdefault("names_behavior", "always" if preset["names"] else group)
        return preset

    def template(self, name: str) -> Template:
        """What the preset does, as a template of that name."""
        return Template(
            name=name,
            user=self._turn(self.input_sequence, self.input_suffix),
            assistant=self._turn(self.output_sequence, self.output_suffix),
            system=self._system(),
            opening=self._opening(),
            reply=self._reply(),
            stops=self._stops(),
            filler=self.user_alignment_message,
            first_user=self._special(self.first_input_sequence, self.input_suffix),
            last_user=self._special(self.last_input_sequence, self.input_suffix),
            first_assistant=self._special(self.first_output_sequence, self.output_suffix),
            names=self.names_behavior == "always",
            macros=self.macros,
        )

    @property
    def _break(self) -> str:
        return "\n" if self.wrap else ""

    def _turn(self, sequence: str, suffix: str) -> Turn:
        return Turn(sequence + self._break if sequence else "", suffix or self._break)

    def _special(self, sequence: str, suffix: str) -> Turn | None:
        return self._turn(sequence, suffix) if sequence else None

    def _system(self) -> Turn:
        if self.system_same_as_user:
            return self._turn(self.input_sequence, self.input_suffix)
        return self._turn(self.system_sequence, self.system_suffix)

    def _opening(self) -> Turn:
        prefix = self.story_string_prefix or self.system_sequence_prefix
        after = self.story_string_suffix
        if not after:
            after = self._break + self.system_sequence_suffix
        return Turn(prefix + self._break if prefix else "", after)

    def _reply(self) -> str:
        """Begins with a line break of its own when wrapping; a name closes it, else a line end.

        A space that only `output_sequence` ends with moves before the name, as in Mistral's format.
        """
        sequence = self.last_output_sequence or self.output_sequence
        wrapped = self._break + sequence
        if self.names_behavior != "always":
            return wrapped.rstrip() + self._break if self.wrap else wrapped
        moved = bool(self.last_output_sequence) and not _spaced(sequence)
        filler = self.output_sequence[-1:] if moved and _spaced(self.output_sequence) else ""
        return wrapped + self._break + filler

    def _stops(self) -> tuple[str, ...]:
        lines = [self.stop_sequence]
        if self.sequences_as_stop_strings:
            lines += [
                self.input_sequence,
                self.output_sequence,
                self.first_output_sequence,
                self.last_output_sequence,
                self.system_sequence,
                self.last_system_sequence,
            ]
        single = (line for text in lines for line in text.split("\n"))
        return tuple(dict.fromkeys(self._break + line for line in single if line.strip()))


def _spaced(text: str) -> bool:
    return text[-1:].isspace()


def is_context_preset(data: JsonValue) -> bool:
    """Whether this is SillyTavern's other kind of template, which says nothing about turns."""
    keys = data if isinstance(data, dict) else {}
    return "story_string" in keys and not {"input_sequence", "instruct"} & keys.keys()
