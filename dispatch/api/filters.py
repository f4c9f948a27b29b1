"""The filters of event lists; an unknown or impossible filter is refused, never ignored."""

import re
from datetime import UTC, datetime, time, timedelta

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _

from dispatch.models import Assignment, Deadline, DeadlineState
from dispatch.problem import Invalid
from events import moment
from events.models import OPEN_STATES, Event, Priority, State

PAGING = {"cursor", "limit", "page_size", "order"}


class EventFilter(django_filters.FilterSet):
    """Filters combine with *and*; comma-separated values of one filter with *or*."""

    state = django_filters.CharFilter(method="by_state")
    category = django_filters.CharFilter(method="by_category")
    priority = django_filters.CharFilter(method="by_priority")
    area = django_filters.CharFilter(method="by_area")
    department = django_filters.CharFilter(method="by_department")
    source = django_filters.CharFilter(method="by_source")
    overdue = django_filters.CharFilter(method="by_overdue")
    q = django_filters.CharFilter(method="by_words")
    phone = django_filters.CharFilter(method="by_phone")
    bbox = django_filters.CharFilter(method="by_box")
    since = django_filters.CharFilter(method="by_since")
    until = django_filters.CharFilter(method="by_until")
    mine = django_filters.CharFilter(method="by_mine")

    class Meta:
        model = Event
        fields = []

    def by_state(self, queryset, name, value):
        """registered, responded, handled, closed, cancelled, merged; `open` is the first three."""
        states = set()
        for word in value.split(","):
            if word == "open":
                states |= set(OPEN_STATES)
            elif word in State.values:
                states.add(word)
            else:
                raise Invalid(state=_("没有这个状态：{word}").format(word=word))
        return queryset.filter(state__in=states)

    def by_category(self, queryset, name, value):
        """A category's code, with everything below it."""
        return queryset.filter(category__path__contains=f"/{value}/")

    def by_priority(self, queryset, name, value):
        """P1 … P4."""
        words = value.split(",")
        if not set(words) <= set(Priority.values):
            raise Invalid(priority=_("优先级为 P1 至 P4。"))
        return queryset.filter(priority__in=words)

    def by_area(self, queryset, name, value):
        """The code of a district, street or community."""
        if not value.isascii() or not value.isdigit():
            raise Invalid(area=_("区域应为代码数字。"))
        return queryset.filter(
            Q(log__code=value) | Q(street__code=value) | Q(community__code=value)
        )

    def by_department(self, queryset, name, value):
        """Events on which the department has a current assignment."""
        return queryset.filter(
            Exists(
                Assignment.objects.filter(
                    event=OuterRef("pk"), current=True, department__code=value
                )
            )
        )

    def by_source(self, queryset, name, value):
        """Where it came from: grid, desk, hotline…"""
        return queryset.filter(source=value)

    def by_overdue(self, queryset, name, value):
        """Whether a running deadline is past."""
        late = Exists(
            Deadline.objects.filter(
                event=OuterRef("pk"), state=DeadlineState.LIVE, due_at__lt=moment.now()
            )
        )
        return queryset.filter(late if _flag(name, value) else ~late)

    def by_words(self, queryset, name, value):
        """In the number, title, text or address."""
        return queryset.filter(
            Q(number__icontains=value)
            | Q(title__icontains=value)
            | Q(text__icontains=value)
            | Q(address__icontains=value)
        )

    def by_phone(self, queryset, name, value):
        """The reporter's telephone, exactly, however it is written."""
        digits = re.sub(r"\D", "", value)
        if len(digits) == 13:
            digits = digits.removeprefix("86")
        if len(digits) < 7:
            raise Invalid(phone=_("请输入完整的电话号码。"))
        return queryset.filter(Q(reporter_phone=digits) | Q(reporter__officer__phone=digits))

    def by_box(self, queryset, name, value):
        """west,south,east,north in WGS-84 degrees."""
        try:
            west, south, east, north = (float(part) for part in value.split(","))
        except ValueError:
            raise Invalid(bbox=_("范围应为 西,南,东,北 四个数。")) from None
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise Invalid(bbox=_("范围应为 西,南,东,北，且西小于东、南小于北。"))
        return queryset.filter(lon__range=(west, east), lat__range=(south, north))

    def by_since(self, queryset, name, value):
        """Registered at or after; a date means its beginning in district time."""
        return queryset.filter(registered_at__gte=_moment(name, value, end=False))

    def by_until(self, queryset, name, value):
        """Registered before; a date means to the end of that day in district time."""
        return queryset.filter(registered_at__lt=_moment(name, value, end=True))

    def by_mine(self, queryset, name, value):
        """What I reported or my colleagues and I have claimed in my name."""
        user = self.request.user
        own = Q(reporter=user) | Exists(
            Assignment.objects.filter(event=OuterRef("pk"), current=True, claimed_by=user)
        )
        return queryset.filter(own if _flag(name, value) else ~own)


def _flag(name, value):
    if value not in {"1", "0", "true", "false"}:
        raise Invalid(**{name: _("应为 1 或 0。")})
    return value in {"1", "true"}


def _moment(name, value, *, end):
    try:
        if day := parse_date(value) if len(value) == 10 else None:
            found = datetime.combine(day, time()) + timedelta(days=end)
        else:
            # A plus sign that was not escaped arrives as a blank.
            found = parse_datetime(value.replace(" ", "+"))
        if found is None:
            raise ValueError
        return (make_aware(found) if is_naive(found) else found).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(
            **{name: _("应为日期 2026-11-21 或时间 2026-11-21T08:00:00+08:00。")}
        ) from None


def filtered(request, queryset, *, extra=()):
    """The queryset after the request's filters; raises Invalid for unknown ones."""
    known = set(EventFilter.base_filters) | PAGING | set(extra)
    unknown = set(request.query_params) - known
    if unknown:
        raise Invalid(
            **{
                sorted(unknown)[0]: _("没有这个筛选；可用：{names}").format(
                    names="、".join(sorted(known))
                )
            }
        )
    filters = EventFilter(request.query_params, queryset, request=request)
    if not filters.is_valid():
        raise Invalid(**{name: texts[0] for name, texts in filters.errors.items()})
    return filters.qs
