"""All wording that people see: card files, refusals, and the rendering of both."""
