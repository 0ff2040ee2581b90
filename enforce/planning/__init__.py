"""The arithmetic of a plan (计划测算): tables in, tables out; no file, no clock, no locale."""
