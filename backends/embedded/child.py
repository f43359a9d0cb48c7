"""The child process: one llama.cpp server, alive only as long as its parent.

The parent writes one line of JSON (a `Launch`) to standard input and keeps the pipe open; the end
of that pipe ends this process, so a parent that was killed leaves nothing behind. The only line on
standard output is the address, once the model is loaded.
"""

import importlib
import json
import os
import signal
import sys
import threading
from typing import Any, TypedDict


class Launch(TypedDict):
    """What to serve. `context` is in tokens for each of the `slots`; `port` 0 means any."""

    model: str
    alias: str
    port: int
    key: str
    context: int
    slots: int
    threads: int


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the group; the parent decides
    answer = claim_stdout()
    launch: Launch = json.loads(sys.stdin.readline())
    parent_gone = threading.Event()
    threading.Thread(target=die_with_parent, args=(parent_gone,), daemon=True).start()
    engine: Any = importlib.import_module("xllamacpp")
    server: Any = engine.Server(parameters(engine, launch))
    os.write(answer, json.dumps({"address": server.listening_address}).encode() + b"\n")
    parent_gone.wait()


def claim_stdout() -> int:
    """Keep the real standard output for the answer; what C++ prints goes to standard error."""
    answer = os.dup(1)
    os.dup2(2, 1)
    return answer


def die_with_parent(parent_gone: threading.Event) -> None:
    sys.stdin.read()
    parent_gone.set()
    os._exit(0)  # the C++ threads would hold an orderly exit until their streams end


def parameters(engine: Any, launch: Launch) -> Any:
    chosen = engine.CommonParams()
    chosen.model.path = launch["model"]
    chosen.model_alias = {launch["alias"]}
    chosen.port = launch["port"]
    chosen.api_keys = [launch["key"]]
    chosen.n_ctx = launch["context"] * launch["slots"]
    chosen.n_parallel = launch["slots"]
    chosen.cpuparams.n_threads = launch["threads"]
    chosen.cpuparams_batch.n_threads = launch["threads"]
    chosen.endpoint_slots = True
    chosen.endpoint_props = True
    chosen.use_jinja = True
    chosen.offline = True
    return chosen


if __name__ == "__main__":
    main()
