"""Raw columns of a recognised table → columns of its canonical table.

`batch` holds one batch on its way and what was found; `texts` cleans and masks; `values`, `identify` and `places` read
columns. The readers in `indexer/kinds` put tables together of them.
"""
