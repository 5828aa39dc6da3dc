"""Answers as words, tables and files; nothing here decides anything."""
