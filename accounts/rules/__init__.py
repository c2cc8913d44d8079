"""Pure calculations about who is there: values in, values out, no database."""
