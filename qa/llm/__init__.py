"""Chat models of any provider that LangChain speaks to, bounded, counted, and asked again where that may help."""
