"""What changed, sent to receivers that the operator names, signed as Standard Webhooks 1.0 has it.

    hooks       the operator's file: receivers, their secrets, and whose changes they get
    addresses   which addresses of a host may be connected to
    post        one request, to an address that was looked at
    deliver     messages in order, tried again later, given up in the end; what is kept of that

Knows nothing of searches: who calls it hands over what reads the changes.
"""
