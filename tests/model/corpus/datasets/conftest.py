"""Most of these tests read data sets with mirdata, which the extra `train` brings."""

import pytest

from ....real import package


@pytest.fixture(autouse=True, scope="session")
def readers() -> None:
    for name in ("mirdata", "yaml"):
        package(name, "train")
