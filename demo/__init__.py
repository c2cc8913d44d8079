"""The invented town: people, files and fifteen months of work, made from a seed number and bulk-loaded."""
