"""Start page and reading surfaces: thin views over what other apps say is due and what is counted."""
