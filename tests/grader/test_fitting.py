"""A reply to another case is seen as one, a short or general one is not."""

import pytest

from grader import assess

FERRY = {
    "setting": "Ferry line, e-mail",
    "customer": "The 14:20 to Rathlin left without us on Saturday. We stood on the quay with a "
    "wheelchair and two tickets for £31, and your man pulled the ramp up and waved!",
    "agent_bad": "Boarding closes ten minutes before.",
}
OWN = (
    "He saw your chair on the quay, and he pulled the ramp up all the same. I'm ashamed of that, "
    "and it was our doing. Your £31 went back this morning. Saturday's skipper, Donal, holds the "
    "14:20 to Rathlin until you are both aboard, and I'll ring on Thursday to settle the seats."
)
FOREIGN = (
    "Nine days with no boiler and a baby in two hats, I'd be livid too. We fitted the wrong "
    "thermostat, that's our mistake, and I'm sorry. Karl brings a new valve on Tuesday at 8, the "
    "callout of £120 is refunded, and I'll phone you at noon to hear that the radiators are warm."
)
GENERAL = "I'm so sorry. That should never have happened, and it was our doing. I'll ring at five."


def levels(reply: str, scenario: dict[str, str] = FERRY) -> dict[str, int]:
    return dict(assess(reply, scenario).levels)


def test_what_rests_on_another_case_does_not_count_in_full() -> None:
    own, foreign = levels(OWN), levels(FOREIGN)
    assert own["reflect"] == own["own"] == own["solve"] == 2
    assert foreign["reflect"] == 0
    assert max(foreign[name] for name in ("acknowledge", "own", "solve", "expect")) <= 1


@pytest.mark.parametrize("customer", ["", "Well?", "Is anybody there at all?"])
def test_where_the_customer_says_little_any_case_may_be_meant(customer: str) -> None:
    assert levels(FOREIGN, {"customer": customer})["solve"] == 2


def test_a_general_reply_is_of_every_case() -> None:
    found = levels(GENERAL)
    assert found["own"] == found["follow_up"] == 2


def test_the_same_reply_is_good_where_it_belongs() -> None:
    boiler = {
        "customer": "Nine days without heating! Your engineer put in a new thermostat, charged me "
        "£120 for the callout, and the boiler is dead. My baby sleeps in a snowsuit."
    }
    assert levels(FOREIGN, boiler)["reflect"] == 2
    assert levels(FOREIGN, boiler)["solve"] == 2
