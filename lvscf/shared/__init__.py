"""What any project could use: nothing in here knows of lvs.cf, nor imports anything of lvscf."""
