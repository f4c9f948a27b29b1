"""Playing the demo district's people through the real HTTP and socket doors of a server."""
