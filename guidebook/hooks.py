"""The thin adapter between MkDocs and this package (`hooks:` in mkdocs.yml)."""
