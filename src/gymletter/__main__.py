"""`python -m gymletter` is `gymletter`."""

from gymletter.cli import main

main()
