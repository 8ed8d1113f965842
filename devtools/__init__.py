"""What `./dev` does: the servers for work on one machine, the checks, the tests. No application imports it."""
