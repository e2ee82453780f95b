"""The doctor: examines the installation against the live sites and the database, one finding at a time."""

from app.services.doctor.everything import check_sites, examine
from app.services.doctor.jira import check_jira
from app.services.doctor.wiki import check_confluence

__all__ = ["check_confluence", "check_jira", "check_sites", "examine"]
