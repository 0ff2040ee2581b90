"""Sheets (表): any messy sheet read into typed cells with their place; knows no plan and no unit."""
