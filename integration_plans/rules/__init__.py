"""Pure rules of the plan: values in, values out, today passed in, no database."""
