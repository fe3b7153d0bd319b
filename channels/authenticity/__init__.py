"""Is a mail from whom it claims: SPF, DKIM, DMARC, ARC, or what a trusted server found."""
