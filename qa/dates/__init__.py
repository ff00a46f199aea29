"""Date expressions in news prose: found by a grammar that is data, resolved as a newspaper's reader would."""
