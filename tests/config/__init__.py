"""Tests of the wiring: settings, health, language, headers."""
