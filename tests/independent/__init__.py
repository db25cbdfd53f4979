"""A second computation of everything `report` prints: plain Python over a folder of contract CSVs.

It shares no line with the product. It follows the words of the metric definitions one by one, walking each
deal's rows in order, slowly, so that where the two differ one of them has misread a sentence.
"""
