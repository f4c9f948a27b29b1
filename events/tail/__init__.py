"""The live tail: hints after a commit, one hub per process, a cursor per socket."""
