"""Which real parts are used: the one place that knows them all."""
