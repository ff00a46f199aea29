"""Ways to alter a sentence so that it says something else."""
