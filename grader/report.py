"""`python -m grader report ASSIGNMENT|FILE --out FILE.html`: what a class or a team shows.

FILE is a team's real replies: a CSV table with the columns customer and reply, or JSON Lines as
`python -m grader score` reads or prints them.

Each section is a template in `grader/templates/report`, filled from the analysis. The page asks no
host for anything; the notebook shows the same sections, one a cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from grader.analysis import Analysis
from grader.commands import CommandError, course_command, results_of, trouble
from grader.files import write_whole
from grader.replies import parse_asks, read_replies
from grader.results import anonymous

CLASS = ("summary", "criteria", "totals", "drafts", "scenarios", "faults", "alike", "learners")
TEAM = ("summary", "criteria", "groups", "totals", "faults", "alike")
MOST_GROUPS = 50


class Report(Analysis):
    """The report on results; its sections are computed when they are drawn."""

    most_groups = MOST_GROUPS

    @property
    def title(self) -> str:
        """The name as a heading."""
        return self.results.name.replace("-", " ").capitalize()

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections, in order."""
        return CLASS if self.graded else TEAM

    def html(self) -> str:
        """The whole page."""
        return _render("index", self)

    def section(self, name: str) -> Section:
        """One section, for a notebook. Raises KeyError, naming those there are."""
        if name not in self.sections:
            raise KeyError(f"the report has no section {name!r}; it has {', '.join(self.sections)}")
        return Section(_render("section", self, name=name))

    def histogram(self, across: str, up: str) -> str:
        """The picture of `bars`, with the axes' labels."""
        from grader.charts import histogram

        edges = [self.bars[0].low, *(bar.high for bar in self.bars)]
        return histogram([bar.count for bar in self.bars], edges, (across, up))

    def before_after(self, across: str, up: str, line: str) -> str:
        """The picture of `drafts`, with the axes' labels and the words at its line."""
        from grader.charts import before_after

        assert self.drafts is not None
        return before_after(self.drafts.pairs, (across, up), line)

    def boxes(self, label: str) -> str:
        """The picture of `scenarios`, with the axis' label."""
        from grader.charts import boxes

        values = []
        for line in self.scenarios:
            found = (
                self.results.percent(r) for r in self.results.replies if r.task == line.task.id
            )
            values.append([percent for percent in found if percent is not None])
        return boxes([str(line.number) for line in self.scenarios], values, label)


class Section:
    """A section as a notebook shows it."""

    def __init__(self, html: str) -> None:
        self._html = html

    def _repr_html_(self) -> str:
        return self._html


def class_report(assignment: str, *, db: str | None = None, names: bool = True) -> Report:
    """The report on an assignment of the course in the current folder.

    Raises CommandError where there is none.
    """
    from grader.gradebook import read_results

    results = read_results(assignment, db=db)
    return Report(results if names else anonymous(results))


def _render(template: str, report: Report, **values: str) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("grader", "templates/report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"{template}.html.j2").render(report=report, **values)


def _notebook(assignment: str, *, names: bool) -> str:
    """A notebook that draws the report anew, a section a cell."""
    from nbformat import v4, writes

    asked = repr(assignment) if names else f"{assignment!r}, names=False"
    lines = ["from grader.report import class_report", "", f"report = class_report({asked})"]
    sources = ["\n".join(lines), *(f"report.section({name!r})" for name in CLASS)]
    cells = [
        v4.new_code_cell(source, id=f"report-{number:02}")  # type: ignore[no-untyped-call]
        for number, source in enumerate(sources)
    ]
    return str(writes(v4.new_notebook(cells=cells)))  # type: ignore[no-untyped-call]


def main(argv: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    parser = course_command("report", __doc__)
    parser.add_argument(
        "--out",
        metavar="FILE.html",
        type=Path,
        help="write here (default: the name with .html); a name that ends in .ipynb gives a "
        "notebook that draws the report",
    )
    parser.add_argument("--anonymous", action="store_true", help="numbers for names")
    parser.add_argument("--by", metavar="COLUMN", default="", help="of a file: group replies by it")
    parser.add_argument(
        "--asks", metavar="MOVES", default="", help="of a file: as `python -m grader score` has it"
    )
    options = parser.parse_args(argv)
    source = Path(options.assignment)
    is_file = source.suffix.casefold() in (".csv", ".jsonl")
    if not is_file and (options.by or options.asks):
        parser.error("--by and --asks are for files of replies")
    with trouble("report") as failed:
        for package in ("matplotlib", "rapidfuzz", "jinja2"):
            if find_spec(package) is None:
                message = f"needs {package}; install it with `pip install 'talk-it-down[report]'`"
                raise CommandError(message)
        out = options.out or Path(f"{source.stem}.html")
        if is_file:
            results = read_replies(source, by=options.by, asks=parse_asks(options.asks))
        else:
            results = results_of(options)
        if options.anonymous:
            results = anonymous(results, "Reply" if is_file else "Learner")
        if out.suffix != ".ipynb":
            write_whole(out, [Report(results).html()])
        elif is_file:
            raise CommandError("a notebook is for an assignment; let --out end in .html")
        else:
            write_whole(out, [_notebook(options.assignment, names=not options.anonymous)])
    return failed.status
