"""The pacer: what it says, when, and that the stylesheet keeps the same time."""

import re
from pathlib import Path
from typing import Any

import pytest

from exercises import pacer
from exercises.texts import say
from exercises.views import screen
from exercises.views.pacer import COUNT, IN, OUT, ROUNDS, SPEAK, TALK, TIMES, pacer_html
from tests.exercises.onscreen import html_of, words_of

CSS = (Path(__file__).parents[2] / "exercises" / "views" / "pacer.css").read_text(encoding="utf-8")


def shares(name: str) -> float:
    """The share of a turn for which an animation shows its words."""
    keyframes = re.search(rf"@keyframes {name} \{{(.*?)\n\}}", CSS, re.S)
    assert keyframes
    return float(re.findall(r"([\d.]+)%,", keyframes[1])[0]) / 100


def test_it_is_displayed_once_with_all_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(screen, "display", shown.append)
    assert pacer() is None  # type: ignore[func-returns-value]
    assert "<style>" in shown[0].data
    assert say("pacer_breathe_how") in words_of(html_of(shown[0]))


def test_each_count_has_its_second() -> None:
    beats = re.findall(
        r'<span class="tid-pacer-beat" style="animation-delay:(\d+)s">(.*?)</span>', pacer_html()
    )
    breath = [f"{say('pacer_in')} {i}" for i in range(1, IN + 1)]
    breath += [f"{say('pacer_out')} {i}" for i in range(1, OUT + 1)]
    assert [(int(at), words_of(text)) for at, text in beats] == list(enumerate(breath))


def test_it_ends_after_the_last_round() -> None:
    ends = re.findall(r'tid-pacer-end" style="animation-delay:(\d+)s"', pacer_html())
    assert [int(end) for end in ends] == [ROUNDS * (IN + OUT), TIMES * (TALK + COUNT + SPEAK)]
    rounds = re.findall(r'tid-pacer-round" style="animation-delay:(\d+)s"', pacer_html())
    assert [int(at) for at in rounds] == [(IN + OUT) * (i + 1) for i in range(ROUNDS)]


def test_the_stylesheet_keeps_the_same_time() -> None:
    breath, turn = IN + OUT, TALK + COUNT + SPEAK
    assert f"animation: tid-pacer-beat {breath}s step-end {ROUNDS};" in CSS
    assert f"animation: tid-pacer-air {breath}s ease-in-out {ROUNDS};" in CSS
    assert shares("tid-pacer-beat") * breath == pytest.approx(1)
    for name, seconds in (("talk", TALK), ("one", COUNT), ("you", SPEAK)):
        assert f"animation: tid-pacer-{name} {turn}s step-end {TIMES};" in CSS
        assert shares(f"tid-pacer-{name}") * turn == pytest.approx(seconds, abs=0.01)
    top = re.search(r"(\d+)% \{\n\s+transform: scale\(1\);", CSS)
    assert top
    assert int(top[1]) / 100 * breath == IN


def test_what_moves_is_silent_and_said_in_words_beside_it() -> None:
    html = pacer_html()
    assert html.count('class="tid-pacer-stage" aria-hidden="true"') == 2
    heard = re.sub(r'<div class="tid-pacer-stage".*?</details>', "", html, flags=re.S)
    for key in ("pacer_breathe_how", "pacer_wait_how"):
        assert say(key) in words_of(heard)


def test_start_and_stop_say_what_they_start() -> None:
    names = [words_of(name) for name in re.findall(r"<summary>(.*?)</summary>", pacer_html())]
    assert names == [
        f"{say('pacer_start')} {say('pacer_stop_it')} : {say(key)}"
        for key in ("pacer_breathe", "pacer_wait")
    ]
