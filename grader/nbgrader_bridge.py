"""What nbgrader calls, named in `nbgrader_config.py`: marks without a kernel, safe copies.

A submission's notebook counts for nothing: graders see the instructor's notebook with the
learner's answers in it, so that nothing in a submission is run, trusted or shown unescaped.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from logging import Logger
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import ClearSolutions, ComputeChecksums, GetGrades, NbGraderPreprocessor
from nbgrader.utils import parse_utc
from traitlets.config import Config
from traitlets.log import get_logger

from grader.assignment import FILE, Assignment, load_assignment
from grader.feedback_page import GradedReply, feedback_page
from grader.marking import Mark, mark
from grader.rows import dumps
from grader.submission import Answer, read_answer, set_aside, unsafe_files
from grader.tables import write_csv

# The columns of `nbgrader export`.
EXPORTED = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)
REFUSED = "refused"  # the folder beside `submitted` that keeps what was set aside
COURSE = "assignments made by `python -m exercises assignment`"

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


def handed_in_answer(submission: Path, aside: Path, scenario_id: str) -> Answer:
    """The answer handed in. One that was set aside is told by its problem, not as missing."""
    answer = read_answer(submission, scenario_id)
    if answer.problem == "missing":
        problem = read_answer(aside, scenario_id).problem
        return Answer(problem=problem or "missing")
    return answer


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


class GatherFeedback(GetGrades):  # type: ignore[misc]
    """Gathers what the learner's feedback page shows: grades, marked replies, comments."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> Result:
        """Return the notebook with its grades, and the page in `resources["feedback"]`."""
        nb, resources = super().preprocess(nb, resources)
        where = resources["nbgrader"]
        entry = where["notebook"], where["assignment"], where["student"]
        with Gradebook(where["db_url"]) as gradebook:
            booked = gradebook.find_submission_notebook(*entry).comments
            # The automatic comment says in short what the page shows at length.
            written = {comment.name: comment.manual_comment or "" for comment in booked}
        assignment = course_assignment(source_folder(_course(self), where["assignment"]))
        asks = {item.id: item.asks for item in assignment.items}
        replies = [
            GradedReply(
                id=cell.metadata.nbgrader.grade_id,
                score=cell.metadata.nbgrader.score,
                points=cell.metadata.nbgrader.points,
                html="".join(output["data"].get("text/html", "") for output in cell.outputs),
                comment=written.get(cell.metadata.nbgrader.grade_id, ""),
                row=json.loads(cell.metadata.get("result_row", "null")),
                asks=asks.get(cell.metadata.nbgrader.grade_id),
            )
            for cell in graded_cells(nb).values()
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


def check_submission(assignment: str, student: str, notebooks: list[str]) -> None:
    """Make a submission safe to copy, before nbgrader copies it (its `pre_convert_hook`).

    Links, pipes and files that are far too large are moved to `refused/` in the course folder. A
    notebook that is missing or cannot be read is replaced by the instructor's: the answers count.
    nbgrader passes the glob of students; which one it is stands in the notebook's path. It would
    go on to copy after any other exception: raises SystemExit where something stays unsafe.
    """
    folder = Path(notebooks[0]).parent
    student = folder.parent.name
    root = Path.cwd()  # nbgrader converts from the course folder
    aside = root / REFUSED / student

    def refuse(path: Path, why: str) -> None:
        try:
            kept = set_aside(path, folder.parent, aside)
        except OSError as error:
            message = f"{str(path)!r} {why} and cannot be moved ({error.strerror}); remove it first"
            raise SystemExit(message) from error
        get_logger().warning(f"{student}: {str(path)!r} {why}; kept as {str(kept)!r}")

    if folder.is_symlink():
        refuse(folder, "is a link")
        notebooks.clear()
        return
    for path, why in list(unsafe_files(folder)):
        refuse(path, why)
    stamp = folder / "timestamp.txt"
    if stamp.is_file() and not _is_time(stamp):
        refuse(stamp, "is no time")
    source = root / "source" / assignment
    for expected in sorted(source.glob("*.ipynb")) if (source / FILE).is_file() else []:
        notebook = folder / expected.name
        if notebook.exists() and not _is_notebook(notebook):
            refuse(notebook, "cannot be read as a notebook")
        if not notebook.exists():
            shutil.copyfile(expected, notebook)
            get_logger().warning(f"{student}: no {expected.name} to be read; the answers count")
        if str(notebook) not in notebooks:
            notebooks.append(str(notebook))


def _is_time(path: Path) -> bool:
    try:
        parse_utc(path.read_text(encoding="utf-8").strip() or "2000-01-01")
    except (ValueError, OverflowError):
        return False
    return True


def _is_notebook(path: Path) -> bool:
    try:
        nbformat.validate(_read(path))
    except Exception:  # whatever a learner's file makes the parser say
        return False
    return True


class CollectPlainFiles(ExchangeCollect):  # type: ignore[misc]
    """Collects submissions from the exchange, leaving out links, pipes and huge files."""

    def do_copy(self, src: str, dest: str, log: Logger | None = None) -> None:
        """Copy one submission. One that cannot be copied is named, and the rest go on."""
        folder = Path(src)
        refused = dict(unsafe_files(folder))
        for path, why in refused.items():
            self.log.warning(f"{str(path)!r} {why}; it is not collected")

        def left_out(at: str, names: list[str]) -> list[str]:
            return [name for name in names if Path(at, name) in refused]

        with tempfile.TemporaryDirectory() as scratch:
            stage = Path(scratch, "submission")
            try:
                if folder.is_symlink():
                    raise OSError("it is a link")
                shutil.copytree(folder, stage, symlinks=True, ignore=left_out)
                for path, _ in list(unsafe_files(stage)):  # changed while it was copied
                    path.unlink()
                super().do_copy(str(stage), dest, log)
            except (OSError, RuntimeError) as error:
                self.log.error(f"{src!r} was not collected: {error}")


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
