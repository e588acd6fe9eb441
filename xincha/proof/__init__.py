"""Proof that nothing was altered 防篡改: hashes of loads and publishes in a log, signed as a whole.

    merkle       RFC 6962 trees: roots, proofs of inclusion and of consistency, and their checks
    notes        signed notes (C2SP signed-note, Ed25519): keys, signing, reading
    checkpoints  tree heads (C2SP tlog-checkpoint), and requests to sign one (C2SP tlog-witness)
    log          the log in the data folder: one line for each load, publish and release, and its signatures

What is proven, and what is not, says docs/proof.md. Nothing here knows the lake or an engine.
"""
