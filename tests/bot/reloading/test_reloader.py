"""A new config is taken over whole, or not at all."""

import asyncio
import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fakes.reloading import Desk, desk
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.reloading.worker import ReloadWorker
from roleplay.errors import ConfigError

Json = dict[str, Any]


def config(**profiles: Json) -> Json:
    entries = profiles or {"main": entry(), "spare": entry()}
    return {"profiles": entries, "health": {"enabled": False}}


def entry(**fields: object) -> Json:
    return {"baseURL": "http://127.0.0.1:9/v1", "model": "scripted", **fields}


async def test_new_changed_and_removed_profiles_are_told_and_the_rest_stays_open(
    tmp_path: Path,
) -> None:
    whole = config(main=entry(), old=entry(), same=entry())
    async with desk(tmp_path, whole) as at:
        kept = at.pool.breaker("same"), at.pool.profiles["same"]
        at.write(config(main=entry(model="other"), same=entry(), new=entry()))
        changes = await at.reloader.reload()
        assert changes.lines == [
            "New profiles: new.",
            "Changed profiles: main.",
            "Removed profiles: old.",
        ]
        assert list(at.pool.profiles) == ["main", "same", "new"]
        assert at.pool.profiles["same"] is kept[1]
        assert at.noting.settled == [changes]


async def test_a_broken_file_changes_nothing_and_says_where(tmp_path: Path) -> None:
    async with desk(tmp_path, config()) as at:
        before, told = at.reloader.loaded, len(at.noting.configs)
        at.write('{\n  "profiles": {"main": {"baseURL": "localhost"}}\n}')
        with pytest.raises(ConfigError) as caught:
            await at.reloader.reload()
        assert f"{at.file}:2:36: profiles.main.baseURL" in str(caught.value)
        assert at.reloader.fault is caught.value
        assert at.reloader.loaded is before
        assert list(at.pool.profiles) == ["main", "spare"]
        assert len(at.noting.configs) == told
        at.write(config())
        assert not await at.reloader.reload()
        assert at.reloader.fault is None


async def test_what_needs_a_restart_is_said_again_and_again(tmp_path: Path) -> None:
    async with desk(tmp_path, config()) as at:
        moved = config() | {"storage": {"folder": "elsewhere"}, "discord": {"token": "a-b-c"}}
        at.write(moved)
        for _ in range(2):
            changes = await at.reloader.reload()
            assert not changes
            assert changes.lines == ["Only a restart changes: discord.token, storage.folder."]
        at.write(config())
        assert (await at.reloader.reload()).lines == []


async def test_chat_health_and_the_default_change_at_once(tmp_path: Path) -> None:
    async with desk(tmp_path, config()) as at:
        at.write(config() | {"chat": {"mode": "mention"}, "defaultProfile": "spare"})
        changes = await at.reloader.reload()
        assert changes.lines == ["Changed settings: defaultProfile, chat."]
        assert at.reloader.config.default_profile == "spare"
        assert at.noting.configs[-1].chat.mode == "mention"


async def test_a_new_embedded_profile_waits_for_a_restart_and_cannot_be_the_default(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path, config()) as at:
        wanted = config(main=entry(), own={"type": "embedded"})
        at.write(wanted)
        assert "Only a restart changes: profiles.own." in (await at.reloader.reload()).lines
        assert "own" not in at.pool.profiles
        at.write(wanted | {"defaultProfile": "own"})
        with pytest.raises(ConfigError, match="starts only with"):
            await at.reloader.reload()
        assert at.reloader.config.default_profile == "main"


async def test_variables_are_looked_up_again_and_their_values_leave_the_log(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path, config()) as at:
        at.write(config(main=entry(apiKey="${FRESH_KEY}")))
        with pytest.raises(ConfigError, match="FRESH_KEY"):
            await at.reloader.reload()
        assert tmp_path / ".env" in at.reloader.loaded.files
        (tmp_path / ".env").write_text("FRESH_KEY=made-up-fresh", "utf-8")
        assert (await at.reloader.reload()).changed == ("main",)
        assert "made-up-fresh" in at.noting.secrets


async def test_added_profiles_stand_beside_those_of_the_file(tmp_path: Path) -> None:
    async with desk(tmp_path, config(), extra=entry(fallbackProfiles=["main"])) as at:
        assert list(at.pool.profiles) == ["main", "spare", "extra"]
        at.write(config(main=entry(), extra=entry(model="from-the-file")))
        changes = await at.reloader.reload()
        assert at.pool.profiles["extra"].model == "from-the-file"
        assert "config.json has a profile of this name" in changes.lines[-1]
        at.write(config(spare=entry()))
        await at.reloader.reload()
        assert at.pool.profiles["extra"].fallback_profiles == ()


async def test_an_added_profile_whose_key_is_gone_is_left_out_and_the_others_work(
    tmp_path: Path,
) -> None:
    extra = entry(apiKey="${GONE}")
    async with desk(tmp_path, config(), extra=extra, other=entry()) as at:
        assert list(at.pool.profiles) == ["main", "spare", "other"]
        assert "GONE" in str(at.reloader.left_out[0])
        at.env["GONE"] = "made-up-again"
        await at.reloader.reload()
        assert "extra" in at.pool.profiles


async def test_saving_checks_like_the_config_does(tmp_path: Path) -> None:
    async with desk(tmp_path, config()) as at:
        wrong: list[tuple[str, Json, str]] = [
            ("main", entry(), "It is in config.json"),
            ("a b", entry(), "A profile's name has"),
            ("x", entry(baseURL="localhost"), "profile x: baseURL: Put http"),
            ("x", entry(modle="m"), 'profile x: modle: Unknown key. Did you mean "model"'),
            ("x", entry(fallbackProfiles=["nobody"]), r"fallbackProfiles\[0\]: There is no"),
            ("x", entry(apiKey="${NOT_SET}"), "profile x: apiKey: .*NOT_SET is not set"),
            ("x", {"type": "embedded"}, "Embedded profiles stand"),
            ("x", {"type": "openia"}, 'no such type of server. Did you mean "openai"'),
        ]
        for name, body, message in wrong:
            with pytest.raises(ConfigError, match=message):
                await at.reloader.save(name, body, by=1)
        assert at.shelf.bodies == {}
        assert list(at.pool.profiles) == ["main", "spare"]


async def test_a_circle_of_fallbacks_is_refused_wherever_it_closes(tmp_path: Path) -> None:
    async with desk(tmp_path, config()) as at:
        await at.reloader.save("a", entry(), by=1)
        await at.reloader.save("b", entry(fallbackProfiles=["a"]), by=1)
        await at.reloader.save("c", entry(fallbackProfiles=["b"]), by=1)
        with pytest.raises(ConfigError, match="in a circle"):
            await at.reloader.save("a", entry(fallbackProfiles=["c"]), by=1)
        assert at.pool.profiles["a"].fallback_profiles == ()


async def test_removing_takes_it_out_of_the_fallbacks_of_others(tmp_path: Path) -> None:
    async with desk(tmp_path, config()) as at:
        await at.reloader.save("a", entry(), by=1)
        await at.reloader.save("b", entry(fallbackProfiles=["a", "main"]), by=1)
        await at.reloader.remove("a")
        assert at.shelf.bodies == {"b": entry(fallbackProfiles=["main"])}
        assert at.pool.profiles["b"].fallback_profiles == ("main",)
        assert at.noting.settled[-1].removed == ("a",)
        with pytest.raises(ConfigError, match="It is in"):
            await at.reloader.remove("main")


async def test_the_worker_applies_a_file_at_rest_and_tells_a_fault_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with desk(tmp_path, config()) as at:
        worker = ReloadWorker(at.reloader)
        at.write(config(main=entry()))
        await worker.look()
        assert "spare" in at.pool.profiles
        await worker.look()
        assert "spare" not in at.pool.profiles
        assert "Removed profiles: spare." in caplog.text
        at.write("{")
        for _ in range(4):
            await worker.look()
        faults = [each for each in caplog.messages if "config.json does not hold" in each]
        assert len(faults) == 1
        assert f"{at.file}:1:2" in caplog.text


async def test_a_signal_reloads_at_once(tmp_path: Path) -> None:
    async with desk(tmp_path, config()) as at:
        worker = ReloadWorker(at.reloader)
        at.write(config(main=entry()))
        worker.wake()
        await worker.look()
        assert list(at.pool.profiles) == ["main"]


WHOLE = json.dumps(
    config(main=entry(fallbackProfiles=["spare"], apiKey="${KEY:-made-up}"), spare=entry())
    | {"chat": {"deadline": 3, "character": {"name": "Mira"}}, "discord": {"ownerIds": ["1"]}},
    indent=1,
)

MUTATIONS = st.tuples(
    st.integers(0, len(WHOLE)),
    st.integers(0, 12),
    st.one_of(
        st.sampled_from(["", "null", "{}", "[", '"', "-1", "1e999", "${X}", "\\ud800", ",", "//"]),
        st.text(max_size=6),
    ),
)


async def mutate(folder: Path, mutations: list[tuple[int, int, str]]) -> None:
    """Reload one mutated file after the other."""
    async with desk(folder, WHOLE_CONFIG) as at:
        for start, length, instead in mutations:
            text = WHOLE[:start] + instead + WHOLE[start + length :]
            at.file.write_bytes(text.encode("utf-8", "surrogatepass"))
            await holds_or_stays(at)


WHOLE_CONFIG: Json = json.loads(WHOLE)


async def holds_or_stays(at: Desk) -> None:
    before, profiles = at.reloader.loaded, dict(at.pool.profiles)
    with suppress(ConfigError):
        await at.reloader.reload()
    if at.reloader.fault:
        assert at.reloader.loaded is before
        assert at.pool.profiles == profiles
    assert at.reloader.config.default_profile in at.pool.profiles


def in_a_loop(folder: Path, mutations: list[tuple[int, int, str]]) -> None:
    asyncio.run(mutate(folder, mutations))


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(mutations=st.lists(MUTATIONS, min_size=10, max_size=10))
def test_no_mutation_of_the_file_ends_the_program(
    tmp_path: Path, mutations: list[tuple[int, int, str]]
) -> None:
    in_a_loop(tmp_path, mutations)


@pytest.mark.slow
@pytest.mark.timeout(300)
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.generate],
)
@given(mutations=st.lists(MUTATIONS, min_size=10, max_size=10))
def test_a_thousand_mutations_of_the_file_do_not_either(
    tmp_path: Path, mutations: list[tuple[int, int, str]]
) -> None:
    in_a_loop(tmp_path, mutations)
