"""Workflows and deadlines of the New Rural Development programme, from one journal of facts."""

__version__ = "0.1.0"
