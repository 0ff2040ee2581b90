"""Through the year (附件4): progress, chance of finishing, health of the register."""
