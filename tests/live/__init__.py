"""Promises of the live socket, kept with real server processes and real sockets."""
