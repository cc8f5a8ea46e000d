"""What nbgrader calls, named in `nbgrader_config.py`: marks without a kernel, safe copies.

A submission's notebook counts for nothing: graders see the instructor's notebook with the
learner's answers in it, so that nothing in a submission is run, trusted or shown unescaped.
"""

from __future__ import annotations

import glob
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from logging import Logger
from pathlib import Path
from typing import Any

import mistune
import nbformat
from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import ClearSolutions, ComputeChecksums, GetGrades, NbGraderPreprocessor
from traitlets.config import Config
from traitlets.log import get_logger

from grader.assignment import FILE, Assignment, load_assignment
from grader.feedback_page import GradedReply, feedback_page
from grader.learners import odd_name
from grader.marking import Mark, mark
from grader.results import Reply
from grader.review import given, latest
from grader.review_file import ReviewFile
from grader.rows import dumps
from grader.submission import (
    UnsafeError,
    handed_in_answer,
    is_time,
    make_safe,
    read_answer,
    unsafe_files,
)
from grader.tables import write_csv

# The columns of `nbgrader export`.
EXPORTED = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)
REFUSED = "refused"  # the folder beside `submitted` that keeps what was set aside
COURSE = "assignments made by `python -m exercises assignment`"

DOUBTFUL = 600  # seconds between the time that is claimed and the last change

with suppress(ImportError):  # Windows has no such accounts, and nbgrader no exchange there
    import pwd

Resources = dict[str, Any]
Result = tuple[NotebookNode, Resources]


class KeepExercises(ClearSolutions):  # type: ignore[misc]
    """Clears an instructor's solutions; exercise cells hold none, so these stay as they are."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """Return the notebook ready for release."""
        return _unless_ours(super().preprocess, nb, resources)


class ChecksumOthers(ComputeChecksums):  # type: ignore[misc]
    """Leaves exercise cells without a checksum.

    An answer is not in its cell, so nbgrader would take an unchanged cell for "no response".
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """Return the notebook with checksums, where they mean something."""
        return _unless_ours(super().preprocess, nb, resources)


def _unless_ours(
    step: Callable[[NotebookNode, Resources], Result], nb: NotebookNode, resources: Resources
) -> Result:
    ours = Path(resources["metadata"]["path"], FILE).is_file()
    return (nb, resources) if ours else step(nb, resources)


class BookDeadline(NbGraderPreprocessor):  # type: ignore[misc]
    """Books the deadline that an assignment was made with; without one the gradebook's stays."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """Return the notebook as it is. Raises ValueError where the assignment cannot be read."""
        where, path = resources["nbgrader"], Path(resources["metadata"]["path"], FILE)
        due = load_assignment(path).due if path.is_file() else None
        if due:
            with Gradebook(where["db_url"]) as gradebook:
                # nbgrader keeps times in UTC and without their zone.
                moment = due.astimezone(UTC).replace(tzinfo=None)
                gradebook.update_or_create_assignment(where["assignment"], duedate=moment)
        return nb, resources


class RestoreNotebook(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts the instructor's notebook in the place of the submitted one."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """Return the instructor's notebook without outputs. Raises ValueError if it is not ours."""
        where = resources["nbgrader"]
        folder = source_folder(_course(self), where["assignment"])
        course_assignment(folder)
        return restored_notebook(folder / f"{where['notebook']}.ipynb"), resources


def restored_notebook(path: Path) -> NotebookNode:
    """The instructor's notebook without outputs."""
    restored = _read(path)
    for cell in restored.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return restored


class MarkAnswers(NbGraderPreprocessor):  # type: ignore[misc]
    """Marks the answers as data: marks to the gradebook, replies with evidence to the notebook."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """Return the notebook with marked replies as its outputs.

        Raises ValueError where source, notebook and gradebook do not fit each other.
        """
        course, where = _course(self), resources["nbgrader"]
        student, name = where["student"], where["assignment"]
        assignment = course_assignment(source_folder(course, name))
        submission = Path(course.format_path(course.submitted_directory, student, name))
        aside = Path(course.root, REFUSED, student, name)
        cells = graded_cells(nb)
        if not cells:
            return nb, resources  # something to read that came with the assignment
        with Gradebook(where["db_url"]) as gradebook:
            booked = gradebook.find_notebook(where["notebook"], name).grade_cells
            check_fit(assignment, set(cells), {cell.name: cell.max_score for cell in booked})
            for item in assignment.items:
                earned = mark(item, handed_in_answer(submission, aside, item.id))
                entry = item.id, where["notebook"], name, student
                record(gradebook.find_grade(*entry), gradebook.find_comment(*entry), earned)
                show(cells[item.id], earned)
            gradebook.db.commit()
        return nb, resources


def graded_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The cells that have a mark, by scenario."""
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }


def record(grade: Grade, comment: Comment, earned: Mark) -> None:
    """Set the automatic mark. A human's stands, and is to be looked at again, as in nbgrader."""
    grade.auto_score = earned.score
    comment.auto_comment = earned.comment
    empty = earned.row["rejected"] == "empty"
    grade.needs_manual_grade = grade.manual_score is not None and not empty


def show(cell: NotebookNode, earned: Mark) -> None:
    """Put the marked reply into its cell; its line of JSON goes along for other tools."""
    shown = {"output_type": "display_data", "data": {"text/html": earned.html}, "metadata": {}}
    cell.outputs = [NotebookNode(shown)]  # type: ignore[no-untyped-call]
    # As text, because notebooks are written with their keys sorted.
    cell.metadata["result_row"] = dumps(dict(earned.row))
    cell.metadata["confidence"] = dict(earned.confidence)


class GatherFeedback(GetGrades):  # type: ignore[misc]
    """Gathers what the learner's feedback page shows: grades, marked replies, comments."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """Return the notebook with its grades, and the page in `resources["feedback"]`."""
        nb, resources = super().preprocess(nb, resources)
        where = resources["nbgrader"]
        entry = where["notebook"], where["assignment"], where["student"]
        with Gradebook(where["db_url"]) as gradebook:
            booked = gradebook.find_submission_notebook(*entry)
            # The automatic comment says in short what the page shows at length.
            written = {comment.name: comment.manual_comment or "" for comment in booked.comments}
            manual = {grade.name: grade.manual_score for grade in booked.grades}
        decisions = latest(ReviewFile(Path(_course(self).root)).read(where["assignment"]))
        folder, student = Path(resources["metadata"]["path"]), where["student"]

        def levels(scenario: str, row: Mapping[str, Any]) -> Mapping[str, int]:
            text = read_answer(folder, scenario).text
            reply = Reply(student, scenario, row, text, manual=manual.get(scenario))
            return given(decisions.get((student, scenario)), reply)

        assignment = course_assignment(source_folder(_course(self), where["assignment"]))
        asks = {item.id: item.asks for item in assignment.items}
        rows = {
            scenario: json.loads(cell.metadata.get("result_row", "null"))
            for scenario, cell in graded_cells(nb).items()
        }
        replies = [
            GradedReply(
                id=scenario,
                score=cell.metadata.nbgrader.score,
                points=cell.metadata.nbgrader.points,
                html="".join(output["data"].get("text/html", "") for output in cell.outputs),
                comment=written.get(scenario, ""),
                row=rows[scenario],
                asks=asks.get(scenario),
                given=levels(scenario, rows[scenario]) if rows[scenario] else {},
            )
            for scenario, cell in graded_cells(nb).items()
        ]
        resources["feedback"] = feedback_page(
            where["assignment"],
            replies,
            score=where["score"],
            points=where["max_score"],
            late=where["late_penalty"],
        )
        return nb, resources


class ExportSafeCsv(CsvExportPlugin):  # type: ignore[misc]
    """nbgrader's table of grades, whose cells no spreadsheet takes for formulas or for two."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the columns that nbgrader writes. Raises OSError."""
        path = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", path)
        students = {str(student) for student in self.student}
        assignments = {str(assignment) for assignment in self.assignment}
        rows = (
            _exported(gradebook, assignment, student)
            for assignment in gradebook.assignments
            for student in gradebook.students
            if (not assignments or assignment.name in assignments)
            and (not students or student.id in students)
        )
        write_csv(path, EXPORTED, rows)


def _exported(gradebook: Gradebook, assignment: Any, student: Any) -> tuple[object, ...]:  # noqa: ANN401
    try:
        found = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        marks = (None, 0.0, 0.0, 0.0)
    else:
        late = found.late_submission_penalty
        marks = (found.timestamp, found.score, late, max(0.0, found.score - late))
    return (
        *(assignment.name, assignment.duedate, marks[0], student.id),
        *(student.last_name, student.first_name, student.email),
        *(*marks[1:], assignment.max_score),
    )


class FeedbackExporter(HTMLExporter):
    """Writes the feedback page with the template in `grader/templates/feedback`."""

    def __init__(self, **options: object) -> None:
        # nbgrader's configuration names templates of its own for every HTML exporter.
        config = Config(options.pop("config", None) or {})
        config.FeedbackExporter.template_name = "feedback"
        config.FeedbackExporter.extra_template_basedirs = [str(Path(__file__).parent / "templates")]
        super().__init__(config=config, **options)  # type: ignore[no-untyped-call]
        self.register_filter("comment_html", comment_html)  # type: ignore[no-untyped-call]


class _CommentRenderer(mistune.HTMLRenderer):
    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Only its words: a page that is handed back loads nothing."""
        return text


def comment_html(text: str) -> str:
    """An instructor's comment, Markdown, as HTML. It may quote a learner, so it holds no markup."""
    return str(mistune.create_markdown(renderer=_CommentRenderer(escape=True))(text))


class UnopenedNotebook(NotebookExporter):
    """Gives nbgrader's autograding an empty notebook for each that was handed in.

    `RestoreNotebook` fills it, so a learner's notebook is never opened. nbgrader makes its
    exporter once a run, before it looks into any submission: here they are all made safe, as its
    own hook comes too late for a submission that is graded again.
    """

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        if isinstance(self.parent, Autograde):
            prepare(self.parent)

    def from_filename(
        self,
        filename: str,
        resources: Resources | None = None,
        **options: object,
    ) -> Result:
        """Export what stands for a notebook."""
        if isinstance(self.parent, Autograde) and self.parent._sanitizing:
            empty = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
            made: Result = self.from_notebook_node(empty, resources, **options)  # type: ignore[no-untyped-call]
            return made
        return super().from_filename(filename, resources, **options)


def prepare(run: Autograde) -> None:
    """Make the submissions of a run safe, before nbgrader copies them.

    A folder that bears no learner's name is passed over; a submission without the notebook is
    graded, as the answers count. Raises SystemExit where something stays unsafe.
    """
    course: CourseDirectory = run.coursedir
    name = course.assignment_id
    source = source_folder(course, name)
    expected = sorted(path.name for path in source.glob(f"{course.notebook_id}.ipynb"))
    pattern = course.format_path(course.submitted_directory, course.student_id, name)
    for found in sorted(glob.glob(pattern)):  # noqa: PTH207 - it is nbgrader's pattern
        folder = Path(found)
        if why := odd_name(folder.parent.name):
            get_logger().error(f"{found!a} is passed over: the name {why}")
            run.assignments.pop(found, None)
        elif not check_submission(folder, Path(course.root)):
            run.assignments[found] = []  # nbgrader names it among those that failed
        elif (source / FILE).is_file():
            run.assignments[found] = [str(folder / name) for name in expected]


def check_submission(folder: Path, root: Path) -> bool:
    """Make `submitted/<learner>/<assignment>` safe to copy; whether it is still there.

    Links, pipes and files that are far too large are moved to `refused/` in the course folder
    `root`, and named in the log. Raises SystemExit where something stays unsafe.
    """
    student, assignment = folder.parent.name, folder.name
    try:
        refusals = make_safe(folder, Path(root, REFUSED, student, assignment))
    except UnsafeError as error:
        raise SystemExit(str(error)) from error
    for refusal in refusals:
        get_logger().warning(f"{student}: {refusal}")
    return folder.is_dir()


class CollectPlainFiles(ExchangeCollect):  # type: ignore[misc]
    """Collects submissions from the exchange, into which any learner can write anything.

    Links, pipes and huge files stay behind, and so do folders that are not what they claim to be:
    nbgrader would stop at the first of them.
    """

    def _path_to_record(self, path: str) -> dict[str, Any]:
        """Nbgrader's record of a submission; one that is refused counts as older than any other."""
        parts = Path(path).name.rsplit("+", 3)
        why = self._refused(Path(path), parts)
        if not why:
            record: dict[str, Any] = super()._path_to_record(path)
            return record
        self.log.error(f"{path!a} is not collected: {why}")
        name = Path(path).name
        return {"username": parts[0], "filename": name, "timestamp": datetime.min, "refused": why}

    def _refused(self, path: Path, parts: list[str]) -> str:
        student, *rest = parts
        if len(rest) < 2 or rest[0] != self.coursedir.assignment_id:
            return "its name is not of the form learner+assignment+time"
        if why := odd_name(student):
            return f"the learner's name {why}"
        if not rest[1].strip() or not is_time(rest[1]):
            return "its name holds no time"
        status = path.lstat()
        if not stat.S_ISDIR(status.st_mode):
            return "it is no folder"
        return self._impostor(status.st_uid, student) if self.check_owner else ""

    def _impostor(self, owner: int, student: str) -> str:
        """Why a folder cannot be that learner's: they have an account here, and it is another's."""
        try:
            account = pwd.getpwnam(student).pw_uid
        except (KeyError, NameError):  # no such account; a system without accounts
            return ""
        theirs = owner in (account, os.getuid())
        return "" if theirs else "it belongs to somebody else's account"

    src_records: list[dict[str, Any]]

    def copy_files(self) -> None:
        """Copy what was not refused."""
        self.src_records = [record for record in self.src_records if "refused" not in record]
        super().copy_files()

    def do_copy(self, src: str, dest: str, log: Logger | None = None) -> None:
        """Copy one submission. One that cannot be copied is named, and the rest go on."""
        folder = Path(src)
        with tempfile.TemporaryDirectory() as scratch:
            stage = Path(scratch, "submission")
            try:
                if folder.is_symlink():
                    raise OSError("it is a link")
                refused = dict(unsafe_files(folder, own=True))
                for path, why in refused.items():
                    self.log.warning(f"{str(path)!r} {why}; it is not collected")

                def left_out(at: str, names: list[str]) -> list[str]:
                    return [name for name in names if Path(at, name) in refused]

                shutil.copytree(folder, stage, symlinks=True, ignore=left_out)
                for refusal in make_safe(stage, Path(scratch, REFUSED)):
                    self.log.warning(f"{refusal.path.name!r} {refusal.why}; it is not collected")
                self._doubt(folder)
                super().do_copy(str(stage), dest, log)
            except (OSError, RuntimeError) as error:
                self.log.error(f"{src!r} was not collected: {error}")

    def _doubt(self, folder: Path) -> None:
        """Say so where files are younger than the time in the folder's name; nobody can fake that.

        The time that the system keeps for a change is not the learner's to set.
        """
        claimed = super()._path_to_record(str(folder))["timestamp"].replace(tzinfo=UTC)
        arrived = folder.stat().st_ctime
        if arrived - claimed.timestamp() > DOUBTFUL:
            told = datetime.fromtimestamp(arrived, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
            self.log.warning(f"{str(folder)!r} claims {claimed}, but was last changed at {told}")


class ReleaseWhatCanBe(ExchangeReleaseFeedback):  # type: ignore[misc]
    """Releases feedback; nbgrader would stop at the first submission without its secret."""

    src_path: str

    def copy_files(self) -> None:
        """Release the pages of each learner; where that cannot be done, say so and go on."""
        for folder in sorted(glob.glob(self.src_path)):  # noqa: PTH207
            self.src_path = glob.escape(folder)
            try:
                super().copy_files()
            except (OSError, ValueError) as error:
                self.log.warning(f"{folder!r}: this page cannot be released: {error}")


def _read(path: Path) -> NotebookNode:
    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def source_folder(course: CourseDirectory, assignment: str) -> Path:
    """The instructor's folder of an assignment."""
    return Path(course.format_path(course.source_directory, ".", assignment))


def course_assignment(folder: Path) -> Assignment:
    """The assignment in a source folder. Raises ValueError where there is none."""
    try:
        return load_assignment(folder / FILE)
    except FileNotFoundError:
        raise ValueError(f"{folder / FILE} is missing: marks are for {COURSE}") from None


def _course(step: NbGraderPreprocessor) -> CourseDirectory:
    return step.parent.parent.coursedir  # the exporter's converter knows the folders


def check_fit(assignment: Assignment, cells: set[str], booked: dict[str, float]) -> None:
    """Raise ValueError where assignment, notebook and gradebook do not hold the same."""
    points = {item.id: item.points for item in assignment.items}
    if cells != points.keys():
        what = f"the notebook in source/{assignment.name} has other scenarios than {FILE}"
        raise ValueError(f"{what}; make the assignment again")
    if booked != points:
        again = f"nbgrader generate_assignment {assignment.name} --force"
        raise ValueError(f"the gradebook has other scenarios or points than {FILE}; run `{again}`")
