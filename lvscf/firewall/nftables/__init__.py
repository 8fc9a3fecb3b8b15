"""nftables: rulesets as text and as JSON, in one model, and prepared for the tracer."""
