"""What a process is made of, once main has put it together."""

from dataclasses import dataclass

from sqlalchemy import Engine

from app.clock import Clock
from app.engine.lease import LeaseEngine
from app.world import World


@dataclass(frozen=True)
class House:
    world: World
    engine: Engine
    queue: LeaseEngine
    clock: Clock
