"""Files: what is read from disk and written to it, for the command line and for programs.

Besides `lvscf.cli`, this is the only package that reads and writes files.  It prints nothing.
"""
