"""The public endpoints: members leave or pause here. Served by `gymletter serve`."""
