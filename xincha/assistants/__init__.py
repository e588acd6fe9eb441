"""What an assistant may ask of the register, as tools of the Model Context Protocol.

`tools` says what, `server` how.
"""
