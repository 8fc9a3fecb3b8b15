"""The linter: rules over a document, and the engine that runs them."""
