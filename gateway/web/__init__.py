"""The web face of the gateway: routes, pages, templates and static files."""
