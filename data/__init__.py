"""The data: the workday calendars (工作日历) and the demo plan of Putuo 2024 (演示数据)."""
