"""Who handles an event, and by when: the models of dispatch."""

from dispatch.models.assignment import CURRENT_STATES, Assignment, AssignmentRole, AssignmentState
from dispatch.models.deadline import RUNNING_STATES, Deadline, DeadlineState, PauseRequest
from dispatch.models.escalation import EscalationPolicy, Notify, PolicyStep
from dispatch.models.keys import ApiToken, IdempotencyKey
from dispatch.models.limit import (
    LIMITED,
    CalendarEdition,
    Holiday,
    LimitRule,
    LimitType,
    Stage,
)
from dispatch.models.people import Department, DepartmentKind, Officer, Role, WorkGroup
from dispatch.models.pulse import Audit, Heartbeat
from dispatch.models.routing import RoutingRule, RoutingTarget

__all__ = [
    "ApiToken",
    "Assignment",
    "AssignmentRole",
    "AssignmentState",
    "Audit",
    "CalendarEdition",
    "CURRENT_STATES",
    "Deadline",
    "DeadlineState",
    "Department",
    "DepartmentKind",
    "EscalationPolicy",
    "Heartbeat",
    "Holiday",
    "IdempotencyKey",
    "LIMITED",
    "LimitRule",
    "LimitType",
    "Notify",
    "Officer",
    "PauseRequest",
    "PolicyStep",
    "Role",
    "RoutingRule",
    "RoutingTarget",
    "RUNNING_STATES",
    "Stage",
    "WorkGroup",
]
