"""Failures in what the tests of this folder share show their values, as those in tests do."""

import pytest

pytest.register_assert_rewrite(
    "tests.chaos.patience", "tests.chaos.phones", "tests.chaos.truth", "tests.chaos.watchers"
)
