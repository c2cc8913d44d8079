"""Pure rules of this app: values in, values out."""
