"""Sentences in the languages of those who read them: a folder of templates for each, the same files and keys in all."""

from sequencer.phrases.phrasebook import LANGUAGES as LANGUAGES
from sequencer.phrases.phrasebook import Phrasebook as Phrasebook
