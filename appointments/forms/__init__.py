"""Forms for contacts, appointments and follow-ups: parsing only, what follows is a service's."""
