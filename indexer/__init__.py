"""Files → lake → engine. May import `xincha`; nothing but the command line imports it.

load(paths, settings)       read, normalize, merge by key, link; one ledger row makes it happen
    read/                   files → raw rows: text in, text out, every row accounted for
    recognise, headers      which kind of source a header is of
    kinds/                  the kinds of source: columns in every spelling, and a reader each
    normalize, canonical/   raw rows → rows of the canonical tables (`tables`), with findings beside them
    stage, pieces           batches → staged files, in worker processes where there are many
    merge, merge_rows       staged rows and those of the lake → one row per key, its history kept
    link                    records → entities, with the rule that says so
    lake                    the only module that writes tables: lock, recovery, ledger, snapshots
publish(settings, engine)   what the lake holds becomes what is searched
    plan                    everything, or only the documents that differ
    prepare, context        slices of tables → documents, in worker processes where there are many
    documents, records      one row → one document; `stored`: what is shown of it
"""
