"""Pure rules: amounts as people write them, deadlines, shares of positions; values in, values out."""
