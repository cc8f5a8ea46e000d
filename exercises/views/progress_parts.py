"""My progress as HTML: what comes next, chapters, levels over time. No widgets."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from html import escape
from itertools import groupby
from pathlib import PurePosixPath

from exercises.bank import scenario
from exercises.kinds import REWRITE
from exercises.progress import PASS, RECENT, Chapter, Practice, Progress, Track, book, part_title
from exercises.texts import say
from exercises.views.chart import MOST_POINTS, levels_svg
from exercises.views.conversation import note_html
from exercises.views.days import day_words, due_words
from grader import load_rubric
from grader.rubric import FAULTS, load_guide

MOST_NEXT = 3
MOST_NAMED = 3  # chapters that are still to do
KINDS = {
    "rewrite": "progress_kind_rewrite",
    "spot": "progress_kind_spot",
    "choose": "progress_kind_choose",
    "sort": "progress_kind_sort",
    "order": "progress_kind_order",
    "complete": "progress_kind_complete",
    "self-check": "progress_kind_self_check",
    "scene": "progress_kind_scene",
    "listen": "progress_kind_listen",
    "role-play": "progress_kind_role_play",
    "placement": "progress_kind_placement",
}


def sum_html(progress: Progress) -> str:
    """All of it in one line."""
    if progress.since is None:
        return f'<p class="tid-progress-sum">{_said("progress_none")}</p>'
    said = say(
        "progress_sum",
        attempts=attempts_words(progress.attempts),
        since=day_words(progress.since),
        done=sum(chapter.done_on is not None for chapter in progress.chapters),
        chapters=len(progress.chapters),
    )
    return f'<p class="tid-progress-sum">{escape(said)}</p>'


def attempts_words(count: int) -> str:
    """How many attempts, in words."""
    return say("progress_sum_one") if count == 1 else say("progress_sum_many", count=count)


def next_html(progress: Progress) -> str:
    """The weakest criterion, the first things to practise, and the rule behind them."""
    weakest = progress.weakest
    said = ""
    if weakest:
        name = load_rubric().criteria[weakest.criterion].name
        said = f"<p>{escape(say('progress_weakest', name=name))}</p>"
    items = "".join(_next_item(practice, progress) for practice in progress.next[:MOST_NEXT])
    rule = (
        f"<details><summary>{_said('progress_rule')}</summary>"
        f"<p>{_said('progress_rule_text')}</p></details>"
    )
    return f'{_heading("progress_next")}{said}<ol class="tid-progress-next">{items}</ol>{rule}'


def _next_item(practice: Practice, progress: Progress) -> str:
    kind = say(KINDS[practice.kind]) if practice.kind in KINDS else practice.kind
    if practice.kind == REWRITE:  # a chapter may have several
        found = scenario(practice.exercise)
        kind = say("progress_setting", words=kind, trade=found.trade, channel=found.channel)
    if practice.chapter:
        title = book()[practice.chapter]["title"]
        words = say("progress_in_chapter", chapter=title, kind=kind)
        link = chapter_link(practice.chapter, words)
    else:
        link = escape(say("progress_elsewhere", kind=kind.capitalize(), id=practice.exercise))
    due = due_words(practice.due, progress.today)
    if practice.reason == "new":
        why = say("progress_why_new", least=PASS)
    elif not practice.criterion:
        why = say("progress_why_question", due=due)
    else:
        key = "progress_why_fault" if practice.criterion in FAULTS else "progress_why_review"
        why = say(key, name=load_rubric().criteria[practice.criterion].name, due=due)
    return f"<li>{link}{note_html(why)}</li>"


def chapter_link(name: str, words: str) -> str:
    """A link to a chapter from a page beside the chapters: on the site, or in JupyterLab."""
    if sys.platform == "emscripten":
        return f'<a href="{escape(name)}.html">{escape(words)}</a>'
    notebook = PurePosixPath(book()[name]["notebook"])
    beside = notebook.relative_to("notebooks").as_posix()
    return f'<a href="{escape(beside)}" target="_blank" rel="noopener">{escape(words)}</a>'


def chapters_html(progress: Progress) -> str:
    """Each chapter with how far it is, as a bar and in words."""
    parts = [
        (part, "".join(map(_chapter_item, chapters)))
        for part, chapters in groupby(progress.chapters, lambda chapter: _part_of(chapter.name))
    ]
    lists = "".join(
        (f'<p class="tid-name">{escape(part_title(part))}</p>' if part and len(parts) > 1 else "")
        + f'<ul class="tid-progress-chapters">{items}</ul>'
        for part, items in parts
    )
    rule = note_html(say("progress_chapter_rule", least=PASS))
    return f"{_heading('progress_chapters')}{lists}{rule}"


def _part_of(name: str) -> str:
    """The part of a chapter; "" for a page beside the parts."""
    return name.rpartition("/")[0]


def _chapter_item(chapter: Chapter) -> str:
    count = len(chapter.best)
    if chapter.done_on:
        state = say("progress_chapter_done", day=day_words(chapter.done_on))
    else:
        state = say("progress_chapter_part", passed=chapter.passed, all=count, least=PASS)
    done = " tid-progress-done" if chapter.done_on else ""
    return (
        f'<li class="tid-progress-chapter{done}">{chapter_link(chapter.name, chapter.title)}'
        f'<span class="tid-progress-bar" aria-hidden="true"><span style="width: '
        f'{round(100 * chapter.passed / count)}%"></span></span>'
        f'<span class="tid-progress-state">{escape(state)}</span></li>'
    )


def levels_html(progress: Progress) -> str:
    """A drawing of each criterion's levels, and all of them as a table."""
    heading = _heading("progress_levels")
    if not progress.tracks:
        return heading + note_html(say("progress_levels_none"))
    cards = "".join(_card(track, progress) for track in progress.tracks.values())
    return (
        f"{heading}{note_html(say('progress_levels_note'))}"
        f'<ul class="tid-progress-cards">{cards}</ul>{_table(progress)}'
    )


def _card(track: Track, progress: Progress) -> str:
    name = load_rubric().criteria[track.criterion].name
    words = _level_words(track)
    levels = track.levels[-MOST_POINTS:]
    said = ", ".join(words[level] for level in levels)
    label = say("progress_chart", name=name, count=len(levels), levels=said)
    lately = say("progress_lately", mean=_lately(track), due=_due(track, progress))
    return (
        f'<li class="tid-progress-card" data-criterion="{track.criterion}">'
        f'<span class="tid-name">{escape(name)}</span>'
        f"{levels_svg(levels, words, label)}{note_html(lately)}</li>"
    )


def _level_words(track: Track) -> list[str]:
    if track.criterion in FAULTS:
        return [say("progress_fault_absent"), say("progress_fault_there")]
    return [str(word) for word in load_guide().texts["move_levels"]]


def _lately(track: Track) -> str:
    if track.criterion in FAULTS:
        recent = track.levels[-RECENT:]
        return say("progress_lately_fault", count=sum(recent), all=len(recent))
    top = load_rubric().criteria[track.criterion].top
    return say("progress_lately_move", mean=f"{track.lately:.1f}", top=top)


def _due(track: Track, progress: Progress) -> str:
    return due_words(track.review.due, progress.today)


def _table(progress: Progress) -> str:
    heads = (
        *(say("progress_column_name"), say("progress_column_count"), say("progress_column_first")),
        *(say("progress_column_last"), say("progress_column_mean", recent=RECENT)),
        say("progress_column_due"),
    )
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    rows = []
    for track in progress.tracks.values():
        words = _level_words(track)
        first, last = words[track.levels[0]], words[track.levels[-1]]
        cells = (str(len(track.levels)), first, last, _lately(track), _due(track, progress))
        row = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        name = load_rubric().criteria[track.criterion].name
        rows.append(f'<tr><th scope="row">{escape(name)}</th>{row}</tr>')
    return (
        f"<details><summary>{_said('progress_table')}</summary>"
        f'<div class="tid-progress-table" tabindex="0" role="group" '
        f'aria-label="{_said("progress_levels")}"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div></details>"
    )


def still_to_do(chapters: Iterable[Chapter]) -> str:
    """The chapters that are not done, in words: the first few by name."""
    left = [chapter.title for chapter in chapters if not chapter.done_on]
    first = ", ".join(left[:MOST_NAMED])
    more = len(left) - MOST_NAMED
    return say("certificate_more", titles=first, count=more) if more > 0 else first


def download_html(name: str, kind: str, content: str | bytes, words: str) -> str:
    """A link that saves a file the page holds already: nothing is asked of any host."""
    from base64 import b64encode

    data = b64encode(content.encode() if isinstance(content, str) else content).decode("ascii")
    return (
        f'<a class="tid-download" download="{escape(name)}" '
        f'href="data:{escape(kind)};base64,{data}">{escape(words)}</a>'
    )


def _heading(key: str) -> str:
    return f'<p class="tid-heading" role="heading" aria-level="2">{_said(key)}</p>'


def _said(key: str) -> str:
    return escape(say(key))
