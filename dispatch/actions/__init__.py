"""The actions on an event: a table a duty officer could read aloud, and one way to perform them."""
