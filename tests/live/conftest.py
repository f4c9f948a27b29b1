"""What tests of the live socket use.

`screens(username)` → Screen on the module's server; `ledger` writes into that server's log.
`hasty` has the same, `hasty.screens` and `hasty.ledger`, on a server with little patience
(tests/live/hasty.py). `ledger_of(server)` and `screens_of(server)` are for servers of one's own.
"""

from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from tests.live.ledger import Ledger
from tests.live.screens import Screens
from tests.product import running


@pytest.fixture
def stack():
    """Closes what a test has opened, last first."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def screens(module_server, stack):
    """Opens screens of the module's server."""
    return Screens(module_server, stack)


@pytest.fixture(scope="module")
def ledger(module_server):
    """Writes into the log of the module's server."""
    with Ledger(module_server) as process:
        yield process


@pytest.fixture
def ledger_of(stack):
    """ledger_of(server) → a Ledger of that server."""
    return lambda server: stack.enter_context(Ledger(server))


@pytest.fixture
def screens_of(stack):
    """screens_of(server) → opens screens of that server."""
    return lambda server: Screens(server, stack)


@pytest.fixture(scope="session")
def _hasty(demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hasty")
    with (
        running(demo, folder, DJANGO_SETTINGS_MODULE="tests.live.hasty") as server,
        Ledger(server) as ledger,
    ):
        yield SimpleNamespace(server=server, ledger=ledger)


@pytest.fixture
def hasty(_hasty, stack):
    """A server whose patience a test can outlast: .server, .ledger, .screens."""
    return SimpleNamespace(
        server=_hasty.server, ledger=_hasty.ledger, screens=Screens(_hasty.server, stack)
    )
