"""A scene from its start to its file, in a pretend Discord."""

from pathlib import Path

from fakes.tavern import tavern

CHAT = (
    '{"user_name": "Ann", "character_name": "Mira"}\n'
    '{"name": "Mira", "is_user": false, "mes": "Welcome to the inn.", "swipes": '
    '["Hello.", "Welcome to the inn."], "swipe_id": 1}\n'
    '{"name": "Ann", "is_user": true, "mes": "A room, please."}\n'
)


async def test_a_scene_is_started_paused_resumed_and_archived(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "no scene" in await at.command(at.owner, "scene pause")
        told = await at.command(at.owner, "scene start", title="The inn", profile="backup")
        await at.quiet()
        [thread] = at.hearth.threads
        assert f"<#{thread.id}>" in told
        assert f"<#{thread.id}> (running)" in await at.command(at.owner, "scene list")
        at.backup.say("Welcome.")
        await at.ann.send(thread, "Hello?")
        await at.quiet()
        assert at.said(thread)[-2:] == ["Hello?", "Welcome."]
        assert await at.command(at.owner, "scene pause", at=thread) == "Saved."
        await at.ann.send(thread, "Still there?")
        await at.quiet()
        assert at.said(thread)[-1] == "Still there?"
        await at.command(at.owner, "scene resume", at=thread)
        at.backup.say("I am.")
        await at.ann.send(thread, "And now?")
        await at.quiet()
        assert at.said(thread)[-1] == "I am."
        assert "Still there?" in str(at.backup.requests[-1].body["messages"])


async def test_a_chat_of_sillytavern_goes_on_in_a_thread(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        told = await at.command(at.owner, "scene import", file=("a.jsonl", CHAT.encode()))
        assert "2 messages are the history" in told
        [thread] = at.hearth.threads
        assert "**Mira**: Welcome to the inn.\n**Ann**: A room, please." in at.said(thread)[-1]
        await at.ben.send(thread, "Me, too.")
        await at.quiet()
        sent = [each["content"] for each in at.llm.requests[-1].body["messages"]]
        assert sent[-3:] == ["Welcome to the inn.", "Ann: A room, please.", "Ben: Me, too."]
        exported = await at.owner.slash(thread, "scene export", format="jsonl")
        answer = exported.followups[-1] if exported.followups else exported.response
        assert answer
        assert answer.attachments, answer.content
        file = answer.attachments[0]
        assert '"swipes": ["Hello.", "Welcome to the inn."]' in (await file.read()).decode()
        wrong = await at.command(at.owner, "scene import", file=("b.jsonl", b'{"mes": 4}\n{'))
        assert "b.jsonl:1: mes" in wrong
