"""Mail fetched by IMAP."""
