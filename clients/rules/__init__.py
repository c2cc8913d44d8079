"""Pure rules about a person and their file: values in, values out, `today` passed in, no database."""
