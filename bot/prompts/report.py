"""A prompt as it would be sent, for people to read and for programs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from backends.preview import Preview, Size
from roleplay.chat import ChatRequest
from roleplay.lorebooks.result import Activated, ScanResult, Skipped
from roleplay.phrases import say
from roleplay.prompting.build import Assembled


@dataclass(frozen=True, slots=True)
class Row:
    """Blocks of one kind: how many there are, and what is sent of them."""

    label: str
    role: str
    count: int
    kept: int
    tokens: int
    exact: bool

    @property
    def fate(self) -> str:
        if self.kept == self.count:
            return say("sent")
        if not self.kept:
            return say("left out")
        return say("{kept} of {count} sent", kept=self.kept, count=self.count)


def rows(sizes: Sequence[Size]) -> list[Row]:
    """`tokens` are those that are sent; of what is left out altogether, what it would take.

    The history counts as one row, with its roles together; what stands among it has its own.
    """
    kinds: dict[tuple[str, str], list[Size]] = {}
    for size in sizes:
        kinds.setdefault(_kind(size), []).append(size)
    return [_row(same) for same in kinds.values()]


def _kind(size: Size) -> tuple[str, str]:
    role = "" if size.block.id else size.block.role
    return size.block.label, role


def _row(sizes: list[Size]) -> Row:
    kept = [size for size in sizes if size.kept]
    first = sizes[0].block
    return Row(
        say(first.label),
        "" if first.id else first.role,
        len(sizes),
        len(kept),
        sum(size.tokens for size in kept or sizes),
        all(size.exact for size in sizes),
    )


def totals(preview: Preview) -> str:
    return say(
        "{tokens} of {room} tokens, beside {reply} for the reply ({profile}, window {window}).",
        tokens=preview.fitted.tokens,
        room=preview.window - preview.reply - preview.margin,
        reply=preview.reply,
        profile=preview.profile,
        window=preview.window,
    )


def lore_lines(lore: ScanResult) -> Iterable[str]:
    """Why each entry is in, and why those are not that nearly were."""
    for each in lore.activated:
        yield say(
            "in: {entry} ({book}), {tokens} tokens, {why}",
            entry=each.entry.title,
            book=each.book,
            tokens=each.tokens,
            why=_why(each),
        )
    for each in lore.skipped:
        yield say(
            "out: {entry} ({book}), {why}",
            entry=each.entry.title,
            book=each.book,
            why=": ".join(filter(None, (say(each.why), each.detail))),
        )


def _why(entry: Activated) -> str:
    why = say("key “{key}”", key=entry.key) if entry.key else say(entry.why)
    return say("{why}, found in {source}", why=why, source=entry.source) if entry.source else why


def full_text(assembled: Assembled, preview: Preview) -> str:
    """Everything, in the order in which it is sent."""
    lines = [totals(preview), ""]
    lines += [_block(size) for size in preview.sizes]
    lines.append(_heading(say("what ends the reply")))
    lines += [repr(stop) for stop in preview.worded.stop]
    if found := list(lore_lines(assembled.report.ingredients.lore)):
        lines += ["", _heading(say("lore")), *found]
    lines += ["", _heading(say("as it is sent")), sent_text(preview), ""]
    return "\n".join(lines)


def sent_text(preview: Preview) -> str:
    """The messages, or the one text that a template made of them."""
    request = preview.worded.request
    if isinstance(request, ChatRequest):
        return "\n\n".join(f"[{one.role}]\n{one.text}" for one in request.messages)
    return request.text


def _block(size: Size) -> str:
    fate = "" if size.kept else say(", left out")
    about = say("{n} tokens", n=size.tokens) if size.exact else say("about {n}", n=size.tokens)
    head = f"{say(size.block.label)} ({size.block.role}, {about}{fate})"
    return f"{_heading(head)}\n{size.block.text}\n"


def _heading(text: str) -> str:
    return f"=== {text}"


def as_json(assembled: Assembled, preview: Preview) -> dict[str, Any]:
    here, request = assembled.report.ingredients, preview.worded.request
    sent: dict[str, Any] = (
        {"messages": [{"role": one.role, "text": one.text} for one in request.messages]}
        if isinstance(request, ChatRequest)
        else {"text": request.text}
    )
    return {
        "profile": preview.profile,
        "speaker": here.speaker.name,
        "user": here.answered,
        "tokens": preview.fitted.tokens,
        "overhead": preview.fitted.overhead,
        "window": preview.window,
        "reply": preview.reply,
        "margin": preview.margin,
        "blocks": [_block_json(size) for size in preview.sizes],
        "historyLeftOut": preview.fitted.history_left_out,
        "lore": lore_json(here.lore),
        **sent,
        "stop": list(preview.worded.stop),
    }


def _block_json(size: Size) -> dict[str, Any]:
    block = size.block
    return {
        "label": block.label,
        "role": block.role,
        "name": block.name,
        "priority": block.priority,
        "tokens": size.tokens,
        "exact": size.exact,
        "sent": size.kept,
        "text": block.text,
    }


def lore_json(lore: ScanResult) -> dict[str, Any]:
    return {
        "budget": lore.budget,
        "tokens": lore.tokens,
        "unmatched": lore.unmatched,
        "fired": [_fired(each) for each in lore.activated],
        "skipped": [_skipped(each) for each in lore.skipped],
    }


def _fired(entry: Activated) -> dict[str, Any]:
    return {
        "book": entry.book,
        "uid": entry.entry.uid,
        "title": entry.entry.title,
        "position": entry.position.name.lower(),
        "depth": entry.depth,
        "role": entry.role,
        "outlet": entry.outlet,
        "tokens": entry.tokens,
        "why": entry.why,
        "key": entry.key,
        "source": entry.source,
        "text": entry.content,
    }


def _skipped(entry: Skipped) -> dict[str, Any]:
    return {
        "book": entry.book,
        "uid": entry.entry.uid,
        "title": entry.entry.title,
        "why": entry.why,
        "detail": entry.detail,
    }
