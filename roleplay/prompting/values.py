"""What the macros of one prompt stand for."""

from collections.abc import MutableMapping, Sequence

from roleplay.lorebooks.book import Position
from roleplay.macros.chance import chance_macros
from roleplay.macros.clock import clock_macros
from roleplay.macros.expand import Call, Macro, Macros, expand
from roleplay.macros.words import WORDS, variable_macros
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.placed import lore_at, outlets
from roleplay.sanitise import defuse
from roleplay.transcript import StoredMessage


class Values:
    """Replaces macros in the texts of one prompt. Variables set in one text hold in later ones."""

    def __init__(self, ingredients: Ingredients) -> None:
        self._ingredients = ingredients
        self._variables: MutableMapping[str, str] = dict(ingredients.variables)
        self._simple = self._names(ingredients.answered) | self._surroundings()
        self._all: Macros = self._simple | self._fields()

    def expand(self, text: str, original: str | None = None) -> str:
        """`original` is what `{{original}}` stands for, its own macros replaced already."""
        if original is None:
            return expand(text, self._all).strip()
        return expand(text, {**self._all, "original": original}).strip()

    def expand_all(self, text: str) -> str:
        """The same with the white space around it as it is."""
        return expand(text, self._all)

    def expand_as(self, text: str, char: str) -> str:
        """The same where `{{char}}` is another character."""
        return expand(text, {**self._all, "char": char}).strip()

    def expand_for(self, text: str, user: str) -> str:
        """The same where `{{user}}` is another person."""
        return expand(text, {**self._all, "user": user}).strip()

    def _names(self, user: str) -> dict[str, Macro]:
        here = self._ingredients
        char = here.speaker.name
        group = ", ".join(each.name for each in here.cast) if here.in_group else char
        return {
            "char": char,
            "user": user,
            "group": group,
            "charifnotgroup": group,
            "groupnotmuted": group,
            "notchar": ", ".join([*(each.name for each in here.others), user]),
        }

    def _surroundings(self) -> dict[str, Macro]:
        here = self._ingredients
        last = [_said(here.history, role) for role in ("", "user", "assistant")]
        return {
            **WORDS,
            **clock_macros(here.now, _idle(here)),
            **chance_macros(here.rng, str(here.scene.channel_id)),
            **variable_macros(self._variables),
            "lastmessage": last[0],
            "lastusermessage": last[1],
            "input": last[1],
            "lastcharmessage": last[2],
            "model": here.facts.model,
            "maxprompt": str(here.facts.window),
            "maxprompttokens": str(max(here.facts.window - here.facts.reply, 0)),
            "maxresponsetokens": str(here.facts.reply),
        }

    def _fields(self) -> dict[str, Macro]:
        """Texts of the card and the scene; within them these macros themselves stay as written."""
        here, card = self._ingredients, self._ingredients.speaker.card
        persona, note = here.persona, here.note
        texts = {
            "description": card.description,
            "personality": card.personality,
            "scenario": card.scenario,
            "persona": persona.description if persona else "",
            "mesexamples": card.mes_example,
            "mesexamplesraw": card.mes_example,
            "charprompt": card.system_prompt,
            "charinstruction": card.post_history_instructions,
            "charjailbreak": card.post_history_instructions,
            "chardepthprompt": card.depth_prompt.text if card.depth_prompt else "",
            "charfirstmessage": card.first_mes,
            "charversion": card.character_version,
            "char_version": card.character_version,
            "creatornotes": card.creator_notes,
            "summary": here.summary,
            "authorsnote": note.text if note else "",
        }
        fields: dict[str, Macro] = {name: self._field(text) for name, text in texts.items()}
        before = lore_at(here.lore, Position.BEFORE_CHARACTER)
        after = lore_at(here.lore, Position.AFTER_CHARACTER)
        lore = {"wibefore": before, "lorebefore": before, "wiafter": after, "loreafter": after}
        named = outlets(here.lore)
        return {**fields, **lore, "outlet": lambda call: named.get(call.argument, "")}

    def _field(self, text: str) -> Macro:
        def value(call: Call) -> str | None:
            return None if call.written.strip() else expand(text, self._simple).strip()

        return value


def _said(history: Sequence[StoredMessage], role: str) -> str:
    newest = (one.text for one in reversed(history) if role in ("", one.role))
    return defuse(next(newest, ""))


def _idle(ingredients: Ingredients) -> float | None:
    """Seconds since a person last wrote, before the newest message."""
    earlier = reversed(ingredients.history[:-1])
    at = next((one.created_at for one in earlier if one.role == "user"), None)
    return None if at is None else max(ingredients.now.timestamp() - at, 0.0)
