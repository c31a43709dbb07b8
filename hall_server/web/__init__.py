"""The pages that people open: one module and its templates per audience; they read views and never decide."""
