"""Hosts collected whole: the archives and folders of `lvscf collect` and of sosreport."""
