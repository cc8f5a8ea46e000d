"""The certificate as a page of its own, to keep and to print."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from exercises.progress import PASS, Progress
from exercises.texts import say
from exercises.views.days import day_words


def certificate_page(name: str, progress: Progress, code: str) -> str:
    """A whole HTML page that asks nothing of any host. The progress must be complete."""
    style = files("exercises").joinpath("certificate.css").read_text(encoding="utf-8")
    titles = ", ".join(chapter.title for chapter in progress.chapters)
    day = day_words(progress.completed_on or progress.today)
    lines = {
        "course": say("certificate_course"),
        "title": say("certificate_title"),
        "name": name,
        "says": say("certificate_says"),
        "reached": say("certificate_reached", least=PASS, day=day),
        "chapters": say("certificate_chapters", titles=titles),
        "code": say("certificate_code", code=code),
        "proves": say("certificate_proves"),
    }
    body = "".join(
        f'<{"h1" if key == "title" else "p"} class="{key}">{escape(text)}'
        f"</{'h1' if key == 'title' else 'p'}>"
        for key, text in lines.items()
    )
    title = f"{lines['title']}: {lines['course']}"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )
