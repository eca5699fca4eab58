"""The runner: notebooks run by content, each once, in kernels of their own; reports published whole."""
