"""The reading copy: the facts of one version in columns, in files of this machine, from which large organisations read.

The database stays the truth and the only place that is written to. Where there is no complete copy of its facts, as
they are now, it answers by itself: the same rows, later.
"""
