"""Conditions as people read them: sentences, a frame and its CSV, and a page to print; who decides likewise."""

from sequencer.answers.conditions.frames import conditions as conditions
from sequencer.answers.conditions.frames import deciders as deciders
from sequencer.answers.conditions.frames import text as text
from sequencer.answers.conditions.page import page as page
from sequencer.answers.conditions.sentences import checked as checked
from sequencer.answers.conditions.sentences import decided as decided
from sequencer.answers.conditions.sentences import moved as moved
from sequencer.answers.conditions.sentences import sentence as sentence
