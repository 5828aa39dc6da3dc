"""Explanations for the terminal, as JSON, and as files."""

from sequencer.answers.explained.files import write as write
from sequencer.answers.explained.json import as_json as as_json
from sequencer.answers.explained.report import show as show
