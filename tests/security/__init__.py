"""Attacks on what is served, each by the road that an attacker has."""
