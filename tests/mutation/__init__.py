"""Test strength: small faults put into the reader and the ledger, and how many of them the tests notice."""
