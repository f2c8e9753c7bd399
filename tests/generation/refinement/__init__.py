"""Tests of what a refinement writes anew."""
