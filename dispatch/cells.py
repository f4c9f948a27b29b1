"""Reading the cells of an imported table, with refusals that name the line."""

from django.utils.translation import gettext as _

from events.categories import CategoryError, table


class RulebookError(ValueError):
    """A file that cannot be imported; the message names the line and what to do."""


def table_of(path):
    """The lines of a CSV file, as events.categories.table; raises RulebookError, also for none."""
    try:
        lines = table(path)
    except CategoryError as error:
        raise RulebookError(str(error)) from None
    if not lines:
        raise RulebookError(_("%(path)s 里一行也没有。") % {"path": path})
    return lines


def check_one_of(line, column, value, choices):
    """Raises RulebookError when `value` is none of the TextChoices `choices`."""
    if value not in choices.values:
        raise RulebookError(
            _("第 %(line)d 行：%(column)s 是“%(value)s”，应为 %(choices)s 之一。")
            % {
                "line": line,
                "column": column,
                "value": value or "",
                "choices": "、".join(choices.values),
            }
        )


def positive(line, column, value):
    """The positive float of a cell; raises RulebookError."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = -1.0
    if not 0 < found < 100_000:
        raise RulebookError(
            _("第 %(line)d 行：%(column)s 应为正数。") % {"line": line, "column": column}
        )
    return found


def found(line, model, column, code):
    """The row whose `column` is `code`, None without one; raises RulebookError."""
    if not code:
        return None
    try:
        return model.objects.get(**{column: code})
    except model.DoesNotExist:
        raise RulebookError(
            _("第 %(line)d 行：没有 %(name)s %(code)s。")
            % {"line": line, "name": model._meta.verbose_name, "code": code}
        ) from None
