"""Parameters (参数): the plan, its rules and its scenarios, one schema each."""
