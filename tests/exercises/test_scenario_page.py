"""The list of scenarios: all of them, a filter without a script, and no model reply."""

import re

from exercises import bank
from exercises.bank import BankScenario
from exercises.compiled import compiled
from exercises.views.scenario_page import FILTERS, scenarios_html

PAGE = scenarios_html(bank.scenarios(), compiled("chapters"))
DATA = {"setting": "Shop, <b>", "customer": "Where?", "agent_bad": "Wait.", "asks": {"own": 1}}


def test_every_scenario_has_a_line_with_what_it_trains() -> None:
    rows = re.findall(r"<tr data-.*?</tr>", PAGE, re.DOTALL)
    assert len(rows) == len(bank.scenarios())
    assert all("<code>" in row and "<a href=" in row for row in rows)


def test_every_choice_of_a_menu_has_its_rule_and_its_number_of_lines() -> None:
    choices = 0
    for name in FILTERS:
        (menu,) = re.findall(rf'<select data-by="{name}">.*?</select>', PAGE, re.DOTALL)
        for value, count in re.findall(r'<option value="([^"]+)">[^<]*\((\d+)\)', menu):
            kept = re.findall(rf'<tr[^>]* data-{name}="(?:[^"]* )?{value}(?: [^"]*)?"', PAGE)
            assert len(kept) == int(count), (name, value)
            rule = f'[data-by="{name}"] option[value="{value}"]:checked) tbody tr'
            assert rule + f':not([data-{name}~="{value}"]){{display:none}}' in PAGE
            choices += 1
    assert choices > 20
    assert "<script" not in PAGE


def test_no_model_reply_and_no_pitfall_is_on_the_page() -> None:
    private = BankScenario.of(
        "for-an-exam",
        DATA
        | {
            "pool": "assessment",
            "pitfalls": ["A pitfall."],
            "models": [{"kind": "strong", "reply": "A model.", "expected": {}}],
        },
    )
    html = scenarios_html([private], {})
    assert "for-an-exam" in html
    assert "Kept for assignments" in html
    assert "A model." not in html
    assert "A pitfall." not in html
    assert "Shop, &lt;b&gt;" in html
