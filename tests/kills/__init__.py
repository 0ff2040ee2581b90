"""Kills: writers of the ledger are killed at random moments; what they acknowledged must be there (README.md)."""
