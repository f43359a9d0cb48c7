"""Macros that need no chat: comments, line ends, and the like."""

from collections.abc import MutableMapping

from roleplay.macros.expand import Call, Macros


def reverse(call: Call) -> str:
    return call.argument[::-1]


def nothing(call: Call) -> str:
    """For notes to the reader, and for what has no meaning here."""
    del call
    return ""


WORDS: Macros = {
    "//": nothing,
    "comment": nothing,
    "hidden_key": nothing,
    "banned": nothing,
    "noop": "",
    "newline": "\n",
    "space": " ",
    "reverse": reverse,
}


def variable_macros(variables: MutableMapping[str, str]) -> Macros:
    """`{{setvar::name::value}}` and its kin over `variables`."""

    def pair(call: Call) -> tuple[str, str]:
        name, value = [*call.options, ""][:2]
        return name.strip(), value

    def get(call: Call) -> str:
        return variables.get(call.argument, "")

    def put(call: Call) -> str:
        name, value = pair(call)
        variables[name] = value
        return ""

    def add(call: Call) -> str:
        name, value = pair(call)
        before = variables.get(name, "")
        variables[name] = _sum(before or "0", value) or before + value
        return ""

    def step(by: str) -> "Macros":
        def moved(call: Call) -> str:
            value = _sum(variables.get(call.argument, "0") or "0", by) or by
            variables[call.argument] = value
            return value

        return {"incvar" if by == "1" else "decvar": moved}

    return {"getvar": get, "setvar": put, "addvar": add, **step("1"), **step("-1")}


def _sum(one: str, other: str) -> str:
    """Of two whole numbers; "" where either is none."""
    try:
        return str(int(one[:20]) + int(other[:20]))
    except ValueError:
        return ""
