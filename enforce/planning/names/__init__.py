"""The names (名单): which units each line of the plan visits, and how they were chosen."""
