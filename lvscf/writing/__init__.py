"""From values back to text: canonical text, and the smallest edit of a text that is there."""
