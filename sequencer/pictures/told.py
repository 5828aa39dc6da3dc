"""What every section of a page is told: the answer, for whom, in which language, and what is drawn of the plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sequencer.answers.discretion import Audience, Discretion
from sequencer.instance.instance import Instance
from sequencer.months import Calendar
from sequencer.outcome import Outcome
from sequencer.phrases import Phrasebook
from sequencer.pictures.holding import kinds
from sequencer.pictures.scene import Scene, scene
from sequencer.pictures.shapes import Frame
from sequencer.pictures.studies.kinds import Study
from sequencer.questions.explaining import Explanation


@dataclass(frozen=True)
class Told:
    """What a section is made from.

    Attributes
    ----------
    explanation : Explanation
        Of an outcome, with a plan or without.
    audience : Audience
    book : Phrasebook
    studies : tuple of Study
        What-if studies and trials in scenarios that are shown with the plan; see ``sequencer.pictures.studies``.
    """

    explanation: Explanation
    audience: Audience
    book: Phrasebook
    studies: tuple[Study, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The answer itself."""
        return self.explanation.outcome

    @property
    def instance(self) -> Instance:
        """What was asked."""
        return self.outcome.instance

    @property
    def calendar(self) -> Calendar:
        """The months of the plan."""
        return self.instance.calendar

    @property
    def is_mission(self) -> bool:
        """Whether all may be shown."""
        return self.audience is Audience.MISSION

    @cached_property
    def seen(self) -> Discretion:
        """What of it the audience may read."""
        return Discretion(self.instance, self.outcome.problem, self.audience)

    @cached_property
    def scene(self) -> Scene:
        """What is drawn; only with a plan."""
        outcome = self.outcome
        held = kinds(outcome.held, self.seen)
        return scene(outcome.instance, outcome.problem, outcome.choices or {}, outcome.uses, held, seen=self.seen)

    @cached_property
    def frame(self) -> Frame:
        """Where months stand."""
        return Frame.of(self.scene.months)
