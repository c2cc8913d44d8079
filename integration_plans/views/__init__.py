"""Pages of the plan by noun."""
