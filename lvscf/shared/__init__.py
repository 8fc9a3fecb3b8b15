"""Code for any project: it knows nothing about lvs.cf and imports nothing from lvscf."""
