"""The months (附件1 执法计划安排表): visits by task and month, exact, unique, proved."""
