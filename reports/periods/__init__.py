"""The report on a period: counted by the database, or read from what was frozen, then shown, printed and exported."""
