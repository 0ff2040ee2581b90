"""Commands (命令): one module for each thing a person types."""
