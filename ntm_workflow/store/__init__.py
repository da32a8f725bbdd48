"""The journal on SQLite and PostgreSQL; knows how facts are kept, never what they mean."""
