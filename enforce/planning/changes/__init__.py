"""Changes (动态调整): what differs between two versions of a plan, and what causes it."""
