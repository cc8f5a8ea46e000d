"""Which names can be a learner's: those that no page, log, table or person is fooled by."""

from __future__ import annotations

import unicodedata

LONGEST = 128  # what the gradebook holds
_MARKUP = frozenset('<>&:"`\\/|*?[]{}$')
# Scripts whose letters look like each other's; an honest name is written in one of them.
_ALIKE = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})


def odd_name(name: str) -> str:
    """Why a name cannot be a learner's; empty where it can.

    A name is also that of a folder, and stands in tables and on pages.
    """
    if not name or len(name) > LONGEST:
        return f"has {len(name)} characters; allowed: 1 to {LONGEST}"
    if name[0] in "=+-@." or name != name.strip():
        return "begins or ends with a character that no name has there"
    for ch in name:
        category = unicodedata.category(ch)
        if ch in _MARKUP or category[0] == "C" or (category[0] == "Z" and ch != " "):
            return f"holds {ch!a}, which no name has"
    composed = unicodedata.normalize("NFC", name)
    if unicodedata.normalize("NFKC", composed) != composed:
        return "holds letters that look like others"
    scripts = {unicodedata.name(ch, "").split(" ")[0] for ch in composed if ch.isalpha()}
    if len(scripts & _ALIKE) > 1:
        return "mixes letters of several scripts that look alike"
    return ""
