"""Pure rules of contacts, appointments and outreach: values in, values out, no ORM, `now` passed in."""
