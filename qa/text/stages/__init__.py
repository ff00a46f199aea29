"""The stages of a case that an article reports, in English and Spanish."""
