"""The ledger (检查台账): records that nobody can change unseen."""
