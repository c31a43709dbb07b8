"""Databases of their own for halls with one or two servers."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import Cluster, running
from tests.found import postgres


@pytest.fixture(scope="session")
def own_cluster() -> Iterator[Cluster]:
    """A PostgreSQL to which things are done; for tests marked ``needs("postgres")``."""
    with running(Path(str(postgres()))) as made:
        yield made


@pytest.fixture
def database(own_cluster: Cluster) -> str:
    """The URL of a fresh database."""
    return fresh_database(own_cluster)


def fresh_database(cluster: Cluster) -> str:
    name = f"hall_{secrets.token_hex(4)}"
    cluster.sql(f"CREATE DATABASE {name}")
    return cluster.tcp_url(name)
