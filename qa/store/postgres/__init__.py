"""PostgreSQL with pgvector as the engine: many machines that read and write one archive. Only here is psycopg known."""
