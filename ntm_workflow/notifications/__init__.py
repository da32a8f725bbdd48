"""Letters: who must hear what today, in which words, and in which bytes; knows no store."""
