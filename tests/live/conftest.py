"""What tests of the live socket use.

`screens(username)` → Screen on the module's server; `ledger` writes into that server's log.
"""

from contextlib import ExitStack

import pytest

from tests.live.ledger import Ledger
from tests.live.screens import Screens


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
