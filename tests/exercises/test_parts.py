"""What the views share: a button that waits for the last letters typed."""

import asyncio
from collections.abc import Callable

import ipywidgets
import pytest

from exercises.views import parts
from exercises.views.parts import after_typing

Script = Callable[[ipywidgets.Text, Callable[[object], None]], None]


def seen_by_the_action(script: Script, *, wait: float = 0.0) -> list[str]:
    """What the box held each time the action ran, where the script types and presses."""
    seen: list[str] = []
    box = ipywidgets.Text()
    press = after_typing(lambda _button: seen.append(box.value), box)

    async def kernel() -> None:
        script(box, press)
        await asyncio.sleep(wait)

    asyncio.run(kernel())
    return seen


@pytest.mark.parametrize("typed", [["I"], ["I", "I am so"], ["I", "I am so", "I am sor"]])
def test_letters_that_a_press_has_overtaken_are_waited_for(typed: list[str]) -> None:
    def script(box: ipywidgets.Text, press: Callable[[object], None]) -> None:
        for text in typed:
            box.value = text
        press(None)
        box.value = "I am sorry."

    assert seen_by_the_action(script, wait=2 * parts.QUIET) == ["I am sorry."]


def test_a_second_press_while_it_waits_is_the_same_press() -> None:
    def script(box: ipywidgets.Text, press: Callable[[object], None]) -> None:
        for text in ("I", "I am sorry."):
            box.value = text
        press(None)
        press(None)

    assert seen_by_the_action(script, wait=2 * parts.QUIET) == ["I am sorry."]


def test_pasted_text_is_whole_at_once() -> None:
    def script(box: ipywidgets.Text, press: Callable[[object], None]) -> None:
        box.value = "I am sorry."
        press(None)

    assert seen_by_the_action(script) == ["I am sorry."]


def test_nothing_is_waited_for_where_nobody_types() -> None:
    def script(_box: ipywidgets.Text, press: Callable[[object], None]) -> None:
        press(None)
        press(None)

    assert seen_by_the_action(script) == ["", ""]


def test_without_an_event_loop_the_press_counts_at_once() -> None:
    seen: list[str] = []
    box = ipywidgets.Text()
    press = after_typing(lambda _button: seen.append(box.value), box)
    for text in ("I", "I am sorry."):
        box.value = text
    press(None)
    assert seen == ["I am sorry."]
