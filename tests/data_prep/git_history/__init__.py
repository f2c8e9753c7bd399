"""Tests of git history; the repositories are made by the tests themselves."""
