"""Raw columns of a recognised table → columns of its canonical table.

`batch` holds one batch on its way and what was found; `texts` cleans and masks; `values`, `identify` and `places` read
columns; one module per source puts its table together. Used by `indexer.normalize` alone.
"""
