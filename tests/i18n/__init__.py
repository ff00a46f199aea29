"""Tests of the software's own words."""
