"""Do what a command asks for, in this process, in workers or on a cluster."""
