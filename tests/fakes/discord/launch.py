"""Start a program with discord.py pointed at a fake Discord.

Usage: `python -P launch.py BASE_URL GATEWAY_URL TARGET [ARGUMENT...]`; TARGET is a file ending in
`.py`, or a module that is run as by `python -m`.
"""

import runpy
import sys

import discord.gateway
import discord.http
import yarl


def main() -> None:
    base, gateway, target, *arguments = sys.argv[1:]
    discord.http.Route.BASE = base
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    sys.argv = [target, *arguments]
    if target.endswith(".py"):
        runpy.run_path(target, run_name="__main__")
    else:
        runpy.run_module(target, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
