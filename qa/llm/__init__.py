"""Any chat model that LangChain speaks to, behind one small socket."""
