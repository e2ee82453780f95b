"""The sandbox: a small Atlassian site on this machine, for the demo, for trying offline and for tests."""
