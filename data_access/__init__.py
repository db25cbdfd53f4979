"""The only package that knows SQL: tables, questions, imports and the few writes."""
