"""LVS9: comments that silence rules, and the copies of the file on both routers."""
