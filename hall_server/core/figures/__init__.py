"""Figures of a day or of many: folds over the journal of their own."""
