"""Who handles an event, and by when: the models of dispatch."""

from dispatch.models.assignment import CURRENT_STATES, Assignment, AssignmentRole, AssignmentState
from dispatch.models.deadline import (
    Deadline,
    DeadlineState,
    EscalationStep,
    Heartbeat,
    Holiday,
    LimitRule,
    LimitType,
    PauseRequest,
    Stage,
)
from dispatch.models.keys import ApiToken, IdempotencyKey
from dispatch.models.people import Department, DepartmentKind, Officer, Role, WorkGroup
from dispatch.models.routing import RoutingRule, RoutingTarget

__all__ = [
    "ApiToken",
    "Assignment",
    "AssignmentRole",
    "AssignmentState",
    "CURRENT_STATES",
    "Deadline",
    "DeadlineState",
    "Department",
    "DepartmentKind",
    "EscalationStep",
    "Heartbeat",
    "Holiday",
    "IdempotencyKey",
    "LimitRule",
    "LimitType",
    "Officer",
    "PauseRequest",
    "Role",
    "RoutingRule",
    "RoutingTarget",
    "Stage",
    "WorkGroup",
]
