"""The supervisor of a local stack: PostgreSQL, Valkey, web, worker and beat in one folder, without Docker or root.

The whole of it hangs on five rules:

- every child has its own session, so Ctrl-C reaches the supervisor only and it stops them in the right order;
- every child asks the kernel for its stop signal when the supervisor dies, so nothing is orphaned by kill -9;
- one lock is held by the supervisor and inherited by every child: it is free only when the last of them is gone;
- PostgreSQL refuses to run as root, so under root it runs as `nobody`;
- a restart trusts nothing that is left on disk: pid files are checked against living processes.
"""
