"""nbgrader for this course: the course folder, and marks from the grader instead of a kernel."""

import os
import sys
from contextlib import suppress
from pathlib import Path

c = get_config()  # noqa: F821 - nbgrader runs this file with it

# Gradebook, submissions and feedback are for the instructors' account (and group) alone.
os.umask(os.umask(0) | 0o007)

course = Path(__file__).resolve().parent / "notebooks" / "assignments"
ours = "grader.nbgrader_bridge"

# nbgrader calls alembic by its name, which stands beside the Python that runs it.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

c.CourseDirectory.course_id = "talk-it-down"
c.CourseDirectory.root = str(course)
# Replies an instructor tries out beside the source are never released, nor put over a learner's.
# nbgrader compares names as it makes them up, with the "." it has for a student here.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    *(
        os.path.join(course, "source", ".", "*", made)  # noqa: PTH118 - Path drops the "."
        for made in ("answers", "attempts.jsonl", "*.zip")
    ),
]

# Where learners fetch and submit. On a shared server give a folder that all can reach; where no
# folder is shared, "ngshare" leaves it to that service.
exchange = os.environ.get("NBGRADER_EXCHANGE", str(course / "exchange"))
if exchange == "ngshare":
    from ngshare_exchange import configureExchange

    configureExchange(c)
else:
    with suppress(OSError):
        Path(exchange).mkdir(exist_ok=True)  # without it the formgrader offers no release
    c.Exchange.root = exchange
    c.ExchangeFactory.collect = f"{ours}.CollectPlainFiles"
    c.ExchangeFactory.release_feedback = f"{ours}.ReleaseWhatCanBe"

# nbgrader's own steps, except that exercise cells keep their one line of code.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    f"{ours}.KeepExercises",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    f"{ours}.ChecksumOthers",
    "nbgrader.preprocessors.SaveCells",
    f"{ours}.BookDeadline",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    f"{ours}.ChecksumOthers",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# No Execute among them: grading starts no kernel, and opens no notebook that was handed in.
c.Autograde.exporter_class = f"{ours}.UnopenedNotebook"
c.Autograde.sanitize_preprocessors = [
    f"{ours}.RestoreNotebook",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    f"{ours}.MarkAnswers",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# What learners get back, in the course's own page, also from the formgrader's button.
c.GenerateFeedback.preprocessors = [f"{ours}.GatherFeedback"]
c.GenerateFeedback.exporter_class = f"{ours}.FeedbackExporter"

# nbgrader's own table lets what learners are called become formulas in a spreadsheet.
c.ExportApp.plugin_class = f"{ours}.ExportSafeCsv"
