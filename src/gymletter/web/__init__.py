"""The public endpoints: unsubscribe and provider webhooks."""
