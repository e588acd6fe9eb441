"""Fair shares of a public service: what each caller may ask, how much at once, and for how long.

    callers      who asks: an address, behind proxies that are trusted too
    costs        what a request costs
    buckets      what a caller has left: token buckets, bounded in number
    seldom       what a caller may do only so many times within a while
    shares       places and bytes that all share, and turns
    asking       one request: its caller, its budget, what it may take
    watching     hears whether the caller is still there
    middleware   puts these around the application

Each is of one process, in memory: nothing is kept of callers when it ends.
"""
