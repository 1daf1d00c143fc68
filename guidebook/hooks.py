"""The thin adapter between MkDocs and the functions of this package (`hooks:` in mkdocs.yml)."""
