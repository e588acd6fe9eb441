"""The shared middle of Xincha: text, rules, engine, search. No I/O of source files, no HTTP."""
