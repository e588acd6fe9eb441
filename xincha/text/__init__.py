"""Text: pure functions, the same at index and at query time. No files, no engine, no law.

    fold.py                          one text in two forms: to be shown, and to be compared
    uscc.py, reg_no.py, org_code.py  identifiers of entities
    doc_no.py                        numbers of decisions
    dates.py, money.py, currencies.py
    divisions.py                     divisions of the country: their codes, names and ancestors
    region_names.py                  what a name of a place means
    regions.py, places.py            where an address lies; names of divisions at the front of other names
    codes.py, industries.py          states, kinds, reasons, results, types of penalty; trades
    names.py, name_words.py          company names and their parts
    tokens.py, pinyin.py             prepared tokens, and readings
    remember.py                      caches that are bounded in number and in length
    name_fields.py                   names → fields of the index

May import nothing of Xincha but itself.
"""
