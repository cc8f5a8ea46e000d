"""The review of an assignment on the screen: a list, one reply, the rubric beside it."""

from __future__ import annotations

import getpass
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, contextmanager, suppress
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets

from exercises.texts import say
from exercises.views.conversation import exchange_html, note_html, trouble_html
from exercises.views.parts import (
    after_typing,
    button,
    frame,
    guarded,
    live_region,
    show_widget,
    text_box,
    tick_box,
)
from exercises.views.screen import on_page, show_html, show_script
from exercises.views.stage import NotHereError, stage
from grader.commands import CommandError
from grader.feedback import marked_html
from grader.model import Criterion, Evidence
from grader.results import asked
from grader.review import Agreement, State, doubt, passage, passages
from grader.review_file import ChangedError
from grader.review_session import Case, Key, Review
from grader.rubric import load_guide
from grader.text import shortened

log = logging.getLogger(__name__)

KIND = "review"
CONFIG = "nbgrader_config.py"
LONGEST_LABEL = 70  # characters of a passage in the menu
PAGE = 25  # replies of the list that are drawn at a time
SURE, FAIRLY = 0.85, 0.7
LISTS: Mapping[str, frozenset[State]] = {
    "open": frozenset({"open", "again"}),
    "done": frozenset({"done"}),
    "all": frozenset({"open", "again", "done"}),
}


def review_queue(assignment: str, *, db: str | None = None) -> None:
    """Display the review of a graded assignment, for instructors, anywhere in the course's folder.

    `db` is the gradebook's address, where it is not as nbgrader has it.
    """
    if on_page():
        show_html(note_html(say("review_page")))
        return

    def opened() -> Review:
        from grader.gradebook import open_review  # nbgrader takes a second to load

        try:
            with _course():
                return open_review(assignment, db=db, by=_instructor())
        except CommandError as error:
            raise NotHereError(str(error)) from error

    show_script("review_keys.js")
    stage(KIND, assignment, still=str, make=lambda: ReviewView(opened))


@contextmanager
def _course() -> Iterator[None]:
    """Work in the folder of the course: the nearest above with nbgrader's configuration."""
    here = Path.cwd()
    found = (folder for folder in (here, *here.parents) if (folder / CONFIG).is_file())
    with chdir(next(found, here)):
        yield


def _instructor() -> str:
    with suppress(OSError, KeyError, ImportError):
        return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    return ""


class _Row:
    """One criterion: a menu of levels with its name, and what the chosen level means."""

    def __init__(self, criterion: Criterion, on_change: Callable[[], None]) -> None:
        self.criterion = criterion
        words = _level_words(criterion)
        self.menu = ipywidgets.Dropdown(
            options=[(word, level) for level, word in enumerate(words)],
            description=criterion.name,
            layout=ipywidgets.Layout(width="auto"),
            tooltip=criterion.question,
        )
        self.menu.add_class("tid-menu").add_class(f"tid-review-level-{criterion.id}")
        self._said = ipywidgets.HTML()
        self.box = ipywidgets.VBox([self.menu, self._said]).add_class("tid-review-row")
        self._case: Case | None = None
        self._on_change = on_change
        self.menu.observe(self._changed, names="value")

    def draw(self, case: Case) -> None:
        """Set the level of a case."""
        self._case = None
        self.menu.value = case.levels[self.criterion.id]
        self._case = case
        self._say()

    def _changed(self, _change: object) -> None:
        if self._case is not None:
            self._say()
            self._on_change()

    def _say(self) -> None:
        assert self._case is not None
        level, auto = self.menu.value, self._case.auto[self.criterion.id]
        sure = _sure(self._case, self.criterion.id)
        chips = (
            f'<span class="tid-review-chip tid-review-{sure}">{_said(f"review_sure_{sure}")}</span>'
        )
        if level != auto:
            had = say("review_grader_had", word=_level_words(self.criterion)[auto])
            chips += f' <span class="tid-review-chip tid-review-had">{escape(had)}</span>'
        told = escape(self.criterion.levels[level].descriptor)
        self._said.value = f'<p class="tid-review-means">{chips} {told}</p>'


class ReviewView:
    """The widgets of a review; `widget` is what is displayed."""

    def __init__(self, opened: Callable[[], Review]) -> None:
        self._opened = opened
        self.review = opened()
        self._keys: list[Key] = []
        self._page = 0
        self._case: Case | None = None
        self._drawing = False
        self._rows: dict[str, _Row] = {}
        self._more = False
        self._make()
        self._list_anew()

    def refresh(self) -> None:
        """Read everything anew; called when the cell is run again."""
        self.review = self._opened()
        self._list_anew()

    # ---- the widgets ----

    def _make(self) -> None:
        scenarios = [
            (item.scenario.setting or item.id, item.id) for item in self.review.assignment.items
        ]
        self._scenario = _menu(
            "review_scenario", [(say("review_every_scenario"), ""), *scenarios], "scenario"
        )
        self._show = _menu("review_show", [], "show")
        self._names = tick_box(say("review_names"))
        self._list = ipywidgets.Select(
            description=say("review_list"), rows=6, layout=ipywidgets.Layout(width="auto")
        )
        self._list.add_class("tid-menu").add_class("tid-review-list")
        act = self._guard
        self._page_back = button(
            say("review_page_back"), "tid-review-page-back", act(partial(self._turn, -1))
        )
        self._page_on = button(
            say("review_page_on"), "tid-review-page-on", act(partial(self._turn, 1))
        )
        self._page_of = ipywidgets.HTML()
        self._pages = _row(self._page_back, self._page_of, self._page_on)
        for box in (self._scenario, self._show):
            box.observe(act(self._on_filter), names="value")
        self._names.observe(act(self._draw_list), names="value")
        self._list.observe(act(self._on_choose), names="value")

        self._reading, self._sum, self._told_case = (ipywidgets.HTML() for _ in range(3))
        self._levels = ipywidgets.VBox([]).add_class("tid-review-levels")
        self._more_button = button("", "tid-review-more", act(self._on_more))
        self._points = ipywidgets.BoundedFloatText(
            step=0.25, min=0, layout=ipywidgets.Layout(width="auto")
        )
        self._points.add_class("tid-menu").add_class("tid-review-points")
        self._reason = _line("review_reason", "review_reason_hint", "tid-review-reason")
        self._about = _menu("review_about", [], "about")
        self._use = ipywidgets.Combobox(
            description=say("review_use"),
            placeholder=say("review_use_hint"),
            continuous_update=True,
            layout=ipywidgets.Layout(width="auto"),
        )
        for name in ("tid-text", "tid-line-box", "tid-review-use"):
            self._use.add_class(name)
        add = button(
            say("review_add"), "tid-review-add", after_typing(act(self._on_add), self._use)
        )
        self._comment = text_box(
            say("review_comment"), say("review_comment_hint"), "tid-review-comment", rows=4
        )
        save = button(
            say("review_save"),
            "tid-review-save",
            after_typing(act(self._on_save), self._reason, self._comment),
            main=True,
        )
        back = button(say("review_back"), "tid-review-back", act(partial(self._go, -1)))
        on = button(say("review_next"), "tid-review-next", act(partial(self._go, 1)))
        self._take_back = button(
            say("review_take_back"), "tid-review-take-back", act(self._on_take_back)
        )
        self._feedback = ipywidgets.HTML(live_region("", "tid-review-feedback"))
        self._told = ipywidgets.HTML(live_region("", "tid-review-told"))
        self._agreement = ipywidgets.HTML()
        left = ipywidgets.VBox(
            [self._told_case, self._reading, self._about, self._use, _row(add), self._comment]
        )
        right = ipywidgets.VBox(
            [
                *(self._levels, self._more_button, self._points, self._sum, self._reason),
                *(_row(save, back, on, self._take_back), self._feedback),
            ]
        )
        self._columns = ipywidgets.VBox([left.add_class("tid-review-left"), right])
        self._columns.add_class("tid-review-columns")
        top = _row(self._scenario, self._show, self._names)
        self.widget = frame(
            KIND,
            [
                *(top, self._list, self._pages, self._told, self._columns, self._agreement),
            ],
        )

    def _guard(self, action: Callable[[], None]) -> Callable[..., None]:
        """The action as a callback: whatever happens is told in a sentence."""

        def act(*_: object) -> None:
            if self._drawing:
                return
            try:
                action()
            except (CommandError, OSError) as error:
                log.debug("not saved", exc_info=True)
                self._tell(trouble_html(say("review_not_saved", why=error)))

        return guarded(act, self._tell)

    def _tell(self, html: str) -> None:
        """Say something where the instructor has just pressed a button."""
        self._feedback.value = live_region(html, "tid-review-feedback")
        self._told.value = live_region("", "tid-review-told")

    def _tell_above(self, html: str) -> None:
        """Say something below the list, where the instructor goes on."""
        self._feedback.value = live_region("", "tid-review-feedback")
        self._told.value = live_region(html, "tid-review-told")

    # ---- the list ----

    def _on_filter(self) -> None:
        self.review.refresh()
        self._list_anew()

    def _list_anew(self) -> None:
        show = self._show.value or "open"
        self._keys = self.review.queue(LISTS[show], self._scenario.value)
        self._page = 0
        self._tell_above(self._damage())
        self._open(self._keys[0] if self._keys else None)
        self._draw_list()
        self._draw_agreement()

    def _damage(self) -> str:
        damaged = self.review.file.damaged
        return trouble_html(say("review_damaged", file=damaged.name)) if damaged else ""

    def _draw_list(self) -> None:
        """The page of the list, and how many replies there are in each list."""
        count = self.review.count()
        with self._drawn():
            shown = self._show.value or "open"
            self._show.options = [
                (say(f"review_show_{name}", n=sum(count[s] for s in states)), name)
                for name, states in LISTS.items()
            ]
            self._show.value = shown
            first = self._page * PAGE
            keys = self._keys[first : first + PAGE]
            self._list.options = [
                (self._label(first + place + 1, key), key) for place, key in enumerate(keys)
            ]
            key = self._case.key if self._case else None
            self._list.value = key if key in keys else None
            pages = max(1, -(-len(self._keys) // PAGE))
            self._page_of.value = note_html(say("review_page_of", n=self._page + 1, of=pages))
            self._page_back.disabled = self._page == 0
            self._page_on.disabled = self._page == pages - 1
            show_widget(self._pages, shown=pages > 1)
            show_widget(self._list, shown=bool(keys))

    def _label(self, number: int, key: Key) -> str:
        case = self.review.case(key)
        score = case.reply.score
        label = say(
            "review_reply_named" if self._names.value else "review_reply",
            number=number,
            scenario=_short(case),
            score="–" if score is None else f"{score:g}",
            points=f"{case.item.points:g}",
            name=self.review.names[key[0]],
        )
        return label if case.state == "open" else say(f"review_reply_{case.state}", reply=label)

    def _turn(self, by: int) -> None:
        self._page += by
        self._open(self._keys[self._page * PAGE])
        self._draw_list()

    def _on_choose(self) -> None:
        if self._list.value is not None:
            self._tell_above("")
            self._open(self._list.value)

    def _go(self, by: int) -> None:
        """Open the next reply of the list, or the one before, where there is one."""
        at = self._keys.index(self._case.key) + by if self._case else -1
        if not 0 <= at < len(self._keys):
            self._tell(note_html(say("review_last")))
            return
        self._open(self._keys[at])
        self._page = at // PAGE
        self._draw_list()
        self._tell_above(note_html(say("review_now", number=at + 1)))

    # ---- one reply ----

    @contextmanager
    def _drawn(self) -> Iterator[None]:
        """Draw without taking what changes for what an instructor does."""
        before, self._drawing = self._drawing, True
        try:
            yield
        finally:
            self._drawing = before

    def _open(self, key: Key | None) -> None:
        """Draw a reply, or say that there is none."""
        show_widget(self._columns, shown=key is not None)
        if key is None:
            self._case = None
            self._tell_above(self._damage() + note_html(say("review_empty")))
            return
        case = self._case = self.review.case(key)
        with self._drawn():
            self._told_case.value = _case_html(case)
            self._reading.value = _reading_html(case)
            for criterion in asked(case.task):
                if criterion.id not in self._rows:
                    self._rows[criterion.id] = _Row(criterion, self._on_level)
                self._rows[criterion.id].draw(case)
            self._more = False
            self._points.max = max(case.item.points, case.reply.manual or 0)
            self._points.description = say("review_points", points=f"{case.item.points:g}")
            self._points.value = case.score
            self._reason.value = case.decision.reason if case.decision else ""
            self._comment.value = case.comment
            self._about.options = [
                (say("review_about_all"), ""),
                *(
                    (shortened(words, LONGEST_LABEL), words)
                    for words in dict.fromkeys(passages(case.reply.text))
                ),
            ]
            self._use.value = ""
            self._use.options = self._kept_comments()
            show_widget(self._take_back, shown=case.reply.manual is not None)
        self._draw_levels()

    def _kept_comments(self) -> tuple[str, ...]:
        try:
            return tuple(self.review.comments.read())
        except OSError:
            return ()

    def _draw_levels(self) -> None:
        """The rows that count; faults that are surely absent only when they are asked for."""
        assert self._case is not None
        criteria = asked(self._case.task)
        folded = [c for c in criteria if c.kind == "fault" and _is_quiet(self._case, c)]
        shown = [c for c in criteria if self._more or c not in folded]
        heading = ipywidgets.HTML(f'<p class="tid-heading">{_said("review_levels")}</p>')
        self._levels.children = [heading, *(self._rows[c.id].box for c in shown)]
        key = "review_less_faults" if self._more else "review_more_faults"
        self._more_button.description = say(key, n=len(folded))
        show_widget(self._more_button, shown=bool(folded))
        self._draw_sum()

    def _on_more(self) -> None:
        self._more = not self._more
        self._draw_levels()

    def _chosen(self) -> dict[str, int]:
        assert self._case is not None
        return {c.id: self._rows[c.id].menu.value for c in asked(self._case.task)}

    def _on_level(self) -> None:
        if self._drawing or self._case is None:
            return
        self._points.value = self._case.mark(self._chosen())
        self._draw_sum()

    def _draw_sum(self) -> None:
        assert self._case is not None
        given, auto = self._case.mark(self._chosen()), self._case.reply.auto or 0
        self._sum.value = note_html(say("review_sum", given=f"{given:g}", auto=f"{auto:g}"))

    # ---- what the instructor does ----

    def _on_add(self) -> None:
        text = self._use.value.strip()
        if not text:
            self._tell(note_html(say("review_no_comment")))
            return
        self.review.comments.keep(text)
        about = self._about.value
        line = f"{passage(about)} {text}" if about else text
        before = self._comment.value.rstrip()
        self._comment.value = f"{before}\n\n{line}" if before else line
        self._use.value = ""
        self._use.options = self._kept_comments()

    def _on_save(self) -> None:
        case = self._case
        if case is None:
            return
        levels, score = self._chosen(), self._points.value
        reason, comment = self._reason.value.strip(), self._comment.value.strip()
        if case.differs(levels, score) and not reason:
            self._tell(trouble_html(say("review_no_reason")))
            self._reason.focus()
            return
        try:
            self.review.decide(case, levels, score, reason, comment)
        except ChangedError:
            self._meet_other(case)
            return
        except (CommandError, OSError):
            self._case = self.review.case(case.key)  # the decision may be kept all the same
            raise
        self._done("review_saved", score)

    def _on_take_back(self) -> None:
        case = self._case
        if case is None:
            return
        try:
            self.review.take_back(case)
        except ChangedError:
            self._meet_other(case)
            return
        self._open(case.key)
        self._draw_list()
        self._draw_agreement()
        self._tell(note_html(self._scored("review_taken_back", case, case.reply.auto or 0)))

    def _done(self, key: str, score: float) -> None:
        case = self._case
        assert case is not None
        self._draw_agreement()
        said = self._scored(key, case, score)
        at = self._keys.index(case.key) + 1
        if at < len(self._keys):
            self._go(1)
            said = f"{said} {say('review_now', number=at + 1)}"
        else:
            self._open(case.key)
            self._draw_list()
            said = f"{said} {say('review_last')}"
        self._tell_above(note_html(said))
        self._list.focus()

    @staticmethod
    def _scored(key: str, case: Case, score: float) -> str:
        return say(key, score=f"{score:g}", points=f"{case.item.points:g}")

    def _meet_other(self, case: Case) -> None:
        """Somebody else was faster: say so, and leave the boxes as they are."""
        self._case = self.review.case(case.key)
        score = self._case.reply.score or 0
        self._draw_list()
        self._told_case.value = _case_html(self._case)
        self._tell(trouble_html(say("review_changed", score=f"{score:g}")))

    def _draw_agreement(self) -> None:
        self._agreement.value = agreement_html(self.review.agreement())


def _row(*children: Any) -> Any:  # noqa: ANN401
    return ipywidgets.HBox(children).add_class("tid-row")


def _menu(key: str, options: list[tuple[str, Any]], name: str) -> Any:  # noqa: ANN401
    made = ipywidgets.Dropdown(
        options=options, description=say(key), layout=ipywidgets.Layout(width="auto")
    )
    return made.add_class("tid-menu").add_class(f"tid-review-{name}")


def _line(label: str, hint: str, name: str) -> Any:  # noqa: ANN401
    made = ipywidgets.Text(
        description=say(label), placeholder=say(hint), layout=ipywidgets.Layout(width="auto")
    )
    return made.add_class("tid-text").add_class("tid-line-box").add_class(name)


def _said(key: str) -> str:
    return escape(say(key))


def _level_words(criterion: Criterion) -> list[str]:
    key = "move_levels" if criterion.kind == "move" else "fault_levels"
    words: list[str] = load_guide().texts[key]
    return words


def _sure(case: Case, criterion: str) -> str:
    confidence = case.reply.confidence.get(criterion, 0.5)
    return "high" if confidence >= SURE else "middle" if confidence >= FAIRLY else "low"


def _is_quiet(case: Case, criterion: Criterion) -> bool:
    absent = not case.levels[criterion.id] and not case.auto[criterion.id]
    return absent and (case.reply.rejected != "" or _sure(case, criterion.id) == "high")


def _short(case: Case) -> str:
    return case.item.scenario.setting or case.item.id


def _reading_html(case: Case) -> str:
    """What the customer wrote, and the reply with its evidence."""
    scenario, reply = case.item.scenario, case.reply
    heading = f'<p class="tid-heading">{_said("review_handed_in")}</p>'
    names = {criterion.id for criterion in asked(case.task)}
    found = reply.row["evidence"] if reply.row else []
    evidence = [Evidence(**entry) for entry in found if entry["criterion"] in names]
    words = marked_html(reply.text, evidence)
    shown = f'<blockquote class="tid-marked">{words}</blockquote>'
    if not reply.text.strip():
        shown = note_html(say("review_missing"))
    return exchange_html(scenario.setting, scenario.customer, scenario.agent_bad) + heading + shown


def _case_html(case: Case) -> str:
    """How things stand with a reply: who has marked it, what is in doubt."""
    reply, decision, parts = case.reply, case.decision, []
    points = f"{case.item.points:g}"
    if case.state == "again":
        parts.append(trouble_html(say("review_again")))
    if decision and decision.score is not None:
        said = say(
            "review_decided",
            by=decision.by or say("review_nobody"),
            day=decision.time[:10],
            score=f"{decision.score:g}",
            points=points,
        )
        parts.append(note_html(said))
    if case.is_lost:
        parts.append(trouble_html(say("review_lost")))
    if case.typed_elsewhere:
        parts.append(note_html(say("review_elsewhere", score=f"{reply.manual:g}")))
    if reply.extra:
        parts.append(note_html(say("review_extra", n=f"{reply.extra:g}")))
    if reply.rejected and reply.text.strip():
        why = load_guide().rubric.rejections.get(reply.rejected, reply.rejected)
        parts.append(note_html(say("review_rejected", why=why)))
    elif not reply.rejected and reply.row:
        parts.append(note_html(say("review_doubt", n=round(doubt(case.task, reply)))))
    return "".join(parts)


def agreement_html(found: list[Agreement]) -> str:
    """The agreement of grader and instructors as a table, folded away."""
    if found:
        heads = "".join(
            f'<th scope="col">{_said(f"review_agreement_{key}")}</th>'
            for key in ("criterion", "same", "kappa", "words")
        )
        rows = "".join(
            f'<tr><th scope="row">{escape(line.criterion.name)}</th>'
            f"<td>{escape(say('review_agreement_count', same=line.same, n=line.count))}</td>"
            f"<td>{'–' if line.kappa is None else f'{line.kappa:.2f}'}</td>"
            f"<td>{_said(f'review_agree_{line.words}')}</td></tr>"
            for line in found
        )
        inside = (
            f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
            f"{note_html(say('review_agreement_note'))}"
        )
    else:
        inside = note_html(say("review_agreement_none"))
    summary = f"<summary>{_said('review_agreement')}</summary>"
    return f'<details class="tid-review-agreement" open>{summary}{inside}</details>'
