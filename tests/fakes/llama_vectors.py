"""A child process like `backends.embedded.child`, of a server that also makes vectors."""

from typing import Any

from backends.embedded import child

plain = child.parameters


def parameters(engine: Any, launch: child.Launch) -> Any:
    chosen = plain(engine, launch)
    chosen.embedding = True
    chosen.pooling_type = engine.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    return chosen


if __name__ == "__main__":
    child.parameters = parameters
    child.main()
