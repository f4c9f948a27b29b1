"""Writing many rows at once."""


def write(model, rows, fields):
    """Write `fields` of rows that are there, in one statement.

    The rows go in as values and meet themselves; `bulk_update` builds a CASE for each field and
    row, which takes longer than all the rest of a delivery.
    """
    rows = list(rows)
    if rows:
        model.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=fields
        )
