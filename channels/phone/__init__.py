"""Text messages and WhatsApp, and the providers that carry them."""
