"""The scenario bank at run time: read once from the package's compiled data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from exercises.compiled import compiled
from exercises.unknown import UnknownExerciseError
from grader import Scenario


@dataclass(frozen=True, slots=True)
class Model:
    """A model reply: `kind` is "strong" or "weak"; `expected` gives the level of criteria."""

    kind: str
    reply: str
    expected: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BankScenario:
    """A scenario with what its exercise needs.

    `asks` weighs the moves the reply is asked for; `facts` is what the agent knows, `limits` what
    cannot be done; `pitfalls` what learners typically get wrong; `difficulty` goes from 1 to 3, 0
    where none is given; `pool` is "practice" or "assessment"; `source` is "<part>/<section>".
    `models` is empty in the compiled bank where the pool is "assessment".
    """

    id: str
    setting: str
    customer: str
    agent_bad: str
    asks: Mapping[str, float]
    facts: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    pool: str = "practice"
    source: str = ""
    models: tuple[Model, ...] = ()
    trade: str = ""
    channel: str = ""
    difficulty: int = 0
    pitfalls: tuple[str, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """What the grader reads of it."""
        return Scenario(self.setting, self.customer, self.agent_bad)

    @property
    def strong(self) -> tuple[Model, ...]:
        """The strong model replies."""
        return tuple(model for model in self.models if model.kind == "strong")

    @classmethod
    def of(cls, id: str, data: Mapping[str, Any]) -> BankScenario:
        """Make a scenario from data that has passed its schema; unknown keys are ignored."""
        models = tuple(
            Model(model["kind"], model["reply"], dict(model["expected"]))
            for model in data.get("models", ())
        )
        return cls(
            id=id,
            setting=data["setting"],
            customer=data["customer"],
            agent_bad=data["agent_bad"],
            asks=dict(data["asks"]),
            facts=tuple(data.get("facts", ())),
            limits=tuple(data.get("limits", ())),
            pool=data.get("pool", "practice"),
            source=data.get("source", ""),
            models=models,
            trade=data.get("trade", ""),
            channel=data.get("channel", ""),
            difficulty=data.get("difficulty", 0),
            pitfalls=tuple(data.get("pitfalls", ())),
        )


@lru_cache(maxsize=1)
def _bank() -> Mapping[str, BankScenario]:
    return {id: BankScenario.of(id, data) for id, data in compiled("bank").items()}


def scenarios() -> tuple[BankScenario, ...]:
    """Every scenario of the bank, by id."""
    return tuple(_bank().values())


def scenario(id: str) -> BankScenario:
    """The scenario with this id. Raises UnknownExerciseError."""
    try:
        return _bank()[id]
    except KeyError:
        raise UnknownExerciseError(id, _bank(), "scenario") from None
