"""The pages of outreach: acts of the ladder, visits, the round of a day, incidents."""
