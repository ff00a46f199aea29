"""Poisoned articles, hostile questions and a hostile model: what must hold whatever they say."""
