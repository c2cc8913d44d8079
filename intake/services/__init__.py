"""How people get into a caseload, by noun."""
