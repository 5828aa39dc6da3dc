"""Sentences in the languages of those who read them: one file of templates for each language, the same keys in all."""

from sequencer.phrases.phrasebook import LANGUAGES as LANGUAGES
from sequencer.phrases.phrasebook import Phrasebook as Phrasebook
