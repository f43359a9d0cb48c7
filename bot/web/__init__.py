"""Endpoints for machines: is it alive, is it ready, and its figures."""
