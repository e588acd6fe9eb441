"""Receipts 查询回执: what was asked and answered on a day, so that somebody else can check it without asking."""
