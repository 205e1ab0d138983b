//! What the window and the command line share: accounts, catalogue, preflight, plans and runs.
