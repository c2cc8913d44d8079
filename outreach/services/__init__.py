"""Getting back in touch: the ladder and home visits."""
