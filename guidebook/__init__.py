"""Build tooling of the Practitioner Guides: Markdown chapters to a site, workbooks and permanent addresses."""
