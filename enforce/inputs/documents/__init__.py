"""Documents (文件): any text of a plan -> its passages, the printed figures in them, and what these claim."""
