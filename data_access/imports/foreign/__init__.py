"""Exports of other systems: which form one has, and for a form that nobody knows a mapping to begin with."""
