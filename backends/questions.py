"""Asks a server the free questions of its dialect."""

import json
from collections.abc import Sequence
from dataclasses import fields
from http import HTTPStatus
from typing import TypeVar, cast

from backends.dialect import Found, Question, Refusal
from backends.fault import looks_like_html
from backends.http import LONGEST_ERROR, HttpClient, HttpReply
from backends.incoming import UNREADABLE, Refused, unreadable
from roleplay.errors import BackendError, BadResponse

FIELDS = fields(Found)

Answer = TypeVar("Answer")


async def ask(client: HttpClient, question: Question[Answer]) -> Answer:
    """The answer.

    Raises:
        Refused: the server sent an error instead.
        BackendError: no answer, or none that can be read.
    """
    async with client.send(question.request) as reply:
        if not succeeded(reply):
            raise Refused(await refusal_of(reply))
        text = await reply.text()
    if looks_like_html(text):
        raise Refused(Refusal(reply.status, text, reply.headers, reply.url))
    try:
        return _read(question, text, reply)
    except UNREADABLE as exc:
        raise unreadable(text, reply.url) from exc


def _read(question: Question[Answer], text: str, reply: HttpReply) -> Answer:
    answer: object = json.loads(text) if text.strip() else None
    if _is_error(answer):
        raise Refused(Refusal(reply.status, text, reply.headers, reply.url))
    return question.read(answer)


def _is_error(answer: object) -> bool:
    return isinstance(answer, dict) and bool(cast("dict[str, object]", answer).get("error"))


async def ask_models(client: HttpClient, questions: Sequence[Question[Found]]) -> tuple[str, ...]:
    """The first list of models that an answer holds; what would be asked after it is not."""
    for question in questions:
        if models := (await _found(client, question)).models:
            return models
    return ()


async def ask_all(client: HttpClient, questions: Sequence[Question[Found]]) -> Found:
    """All answers in one; the later ones count more."""
    known = Found()
    for question in questions:
        new = await _found(client, question)
        told = {each.name: getattr(new, each.name) or getattr(known, each.name) for each in FIELDS}
        known = Found(**told)
    return known


async def _found(client: HttpClient, question: Question[Found]) -> Found:
    try:
        return await ask(client, question)
    except (Refused, BadResponse):
        if question.needed:
            raise
        return Found()


def succeeded(reply: HttpReply) -> bool:
    return HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES


async def refusal_of(reply: HttpReply) -> Refusal:
    """The error as far as it came; its status stands without a body, too."""
    try:
        body = await reply.text(LONGEST_ERROR)
    except BackendError:
        body = ""
    return Refusal(reply.status, body, reply.headers, reply.url)
