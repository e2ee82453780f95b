"""Plainsight: OKRs and KPIs in plain sight. See docs/ for the house and the way through it."""
