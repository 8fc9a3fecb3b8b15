"""Reports for other programs, each judged by those programs, or by their schemas."""
