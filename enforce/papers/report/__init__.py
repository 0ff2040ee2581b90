"""The report (报告): its folder, manifest and pages."""
