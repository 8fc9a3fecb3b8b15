"""Facts about Piranha and the systems it runs on: directives, values, limits, releases, the GUI."""
