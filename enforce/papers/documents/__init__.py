"""The documents (公文): Word files filled from templates a planner edits, every figure of them traced to its field."""
