"""The nightly sweep: every id that evidence leads to, compared with what is stored, so that nothing stays missed."""

from app.services.sweep.run import REPAIRS, SWEEP, sweep

__all__ = ["REPAIRS", "SWEEP", "sweep"]
