"""A status reader over a watched world, whose connections are made up."""

from backends.breaker import BreakerStatus
from backends.limits import Queue
from bot.status_reader import StatusReader
from fakes.watched import ROUTES, World

BUSY = "backup"


def status_reader(at: World) -> StatusReader:
    return StatusReader(
        at.monitor,
        at.stores.health,
        at.stores.history,
        at.stores.usage,
        at.bindings,
        routes=lambda: ROUTES,
        lines=Connections(),
        board=at.board,
        notices=at.notices,
        settings_hold=lambda: True,
        clock=at.clock,
    )


class Connections:
    """Every breaker is closed; one profile has a queue and a caution."""

    def breaker(self, name: str) -> BreakerStatus:
        del name
        return BreakerStatus("closed")

    def queue(self, name: str) -> Queue:
        return Queue(2, 3, 2) if name == BUSY else Queue(0, 0, 2)

    def cautions(self, name: str) -> tuple[str, ...]:
        return ("wrong-7b answers instead of m.",) if name == BUSY else ()
