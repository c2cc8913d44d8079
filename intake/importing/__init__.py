"""Allocation lists: from the bytes of a file to persons in the municipality's inbox.

``uploads`` reads a file into a table, ``mapping`` says which column is what, ``values`` reads single cells,
``rows`` whole rows, and ``checks`` compares them; what they have to say are ``findings``. All are pure: no
database, ``today`` passed in. ``filed`` compares them with the files, ``staging`` keeps the state of one import in
the database, ``commit`` writes it in one transaction.
"""
