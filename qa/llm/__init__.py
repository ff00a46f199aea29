"""Chat models of any provider that LangChain speaks to."""
