"""Records in and out of the register as files: templates, import, export.

A file goes through five hands: ``files`` (is it safe, what is it), ``tables`` (rows, streamed), ``columns`` (which
column is which field), ``rows`` (values and their problems), ``planning`` (what each row would change). Checking stops
there; importing hands the same plan to one action.
"""
