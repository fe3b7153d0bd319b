"""What flows on to other systems: the feed, webhooks, a bus, the registers of boards."""
