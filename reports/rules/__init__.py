"""Pure rules of the reading surfaces: suppression, periods and rates. No database, no clock."""
