"""`plainsight init`: asks what a new installation needs, tries the answers, and writes its files."""

from app.cli.init.command import init

__all__ = ["init"]
