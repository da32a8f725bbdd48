"""What can happen and what is allowed. Knows no storage, no screen, no mail, no clock.

Read in this order: base, then any subject (events, state, rules, fold), then dates and calendar.
Importing it loads none of them: `subjects.py` does, and most of a command line needs none.
"""
