"""Articles: where they come from and how they are collected."""
