"""The floor of intake: a raw psycopg transaction that writes the same rows as a report.

`python -m tests.bench.floor DATABASE_URL CONNECTIONS SECONDS` prints {"done"}.
"""

import json
import sys
import threading
import time
import uuid

import psycopg
from psycopg.types.json import Jsonb

# The rows of a report, in the order they are written; each is copied from the newest real one.
TABLES = ("dispatch_assignment", "dispatch_deadline", "events_timelineentry")


def template(connection):
    """{table: (columns, rows)} of the newest event and all that was written with it."""
    found = {}
    (newest,) = connection.execute("SELECT max(id) FROM events_event").fetchone()
    for name, key in (("events_event", "id"), *((table, "event_id") for table in TABLES)):
        cursor = connection.execute(f"SELECT * FROM {name} WHERE {key} = %s", [newest])
        columns = [column.name for column in cursor.description]
        rows = [
            {
                column: Jsonb(value) if isinstance(value, dict | list) else value
                for column, value in zip(columns, row, strict=True)
                if column != "id"
            }
            for row in cursor.fetchall()
        ]
        found[name] = rows
    return found


def insert(connection, table, rows):
    """One INSERT of all rows; returns the first id."""
    columns = list(rows[0])
    names = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join("(" + ", ".join(["%s"] * len(columns)) + ")" for _row in rows)
    values = [row[column] for row in rows for column in columns]
    return connection.execute(
        f"INSERT INTO {table} ({names}) VALUES {places} RETURNING id", values, prepare=True
    ).fetchone()[0]


def write(connection, rows):
    """One report's transaction: event, assignments, deadlines, offset, entries."""
    with connection.transaction():
        mark = uuid.uuid4()
        event = {**rows["events_event"][0], "number": str(mark), "client_id": mark}
        event["tracking_code"] = mark.hex[:20]
        pk = insert(connection, "events_event", [event])
        connection.execute(
            "UPDATE events_event SET number = %s, version = 1 WHERE id = %s AND version = %s",
            [f"F{pk}", pk, event["version"]],
            prepare=True,
        )
        for table in TABLES[:2]:
            insert(connection, table, [{**row, "event_id": pk} for row in rows[table]])
        entries = rows[TABLES[2]]
        (top,) = connection.execute(
            "UPDATE events_log SET top = top + %s WHERE id = %s RETURNING top",
            [len(entries), event["log_id"]],
            prepare=True,
        ).fetchone()
        insert(
            connection,
            TABLES[2],
            [
                {**row, "event_id": pk, "offset": top - len(entries) + 1 + index}
                for index, row in enumerate(entries)
            ],
        )


def main(url, connections, seconds):
    """Write from that many connections until the time is over."""
    with psycopg.connect(url) as connection:
        rows = template(connection)
    done = []
    until = time.perf_counter() + seconds

    def work():
        with psycopg.connect(url, autocommit=True) as connection:
            while time.perf_counter() < until:
                write(connection, rows)
                done.append(1)

    threads = [threading.Thread(target=work) for _one in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"done": len(done)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
