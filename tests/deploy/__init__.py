"""Tests of the deployed shape."""
