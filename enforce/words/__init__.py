"""Words (用语): what every wing may say, count and write."""
