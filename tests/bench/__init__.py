"""The benchmarks: what the workbook takes beside what a user would otherwise reach for; see README.md."""
