"""The run (运行): notebooks executed, files handed over, the report published."""
