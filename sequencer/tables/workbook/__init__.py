"""An Excel workbook as an instance: a sheet for each table, and one called ``plan`` for what ``plan.toml`` holds.

``archive`` opens the file and says what is in it, ``grid`` reads the cells of a sheet, ``values`` makes text of them,
``scalars`` the sheet ``plan``; ``book`` is the whole to whoever reads an instance. ``writing`` makes workbooks, and
``converting`` folders of them.
"""
