"""Allocation lists: from the bytes of a file to persons in the municipality's inbox.

``uploads`` reads a file into a table (``text_files``, ``workbooks``, ``sheets``), ``headers`` and ``mapping`` say which
column is what, ``code_pages`` and ``date_values`` what its text and dates mean, ``values`` and ``countries`` read
single cells, ``rows`` whole rows into ``people``, and ``checks`` compares them; what they have to say are
``findings``. All are pure: no database, ``today`` passed in. ``filed`` compares them with the files, ``staging`` keeps
the state of one import in the database, ``remember`` what columns meant, ``judging`` and ``deciding`` work on its rows,
``commit`` and ``writing`` make files of it in one transaction, ``undoing`` takes them back, and ``left_out`` names what
became nothing.
"""
