"""The search engine: fields declared once, a closed query subset, and drivers that answer it.

May import `xincha.text` and `xincha.errors`; knows nothing of files, lakes, law or HTTP.
"""
