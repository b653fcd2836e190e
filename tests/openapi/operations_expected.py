"""The scope of every operation, written down by hand and on purpose not computed from the code it is compared with."""

from openapi.scopes import Scope

EXPECTED: dict[str, Scope] = {
    "file_appeal": Scope.APPEALS_FILE,
    "list_appeals": Scope.APPEALS_READ,
    "read_appeal": Scope.APPEALS_READ,
    "list_topics": Scope.REFERENCE_READ,
    "list_sectors": Scope.REFERENCE_READ,
    "list_areas": Scope.REFERENCE_READ,
    "list_departments": Scope.REFERENCE_READ,
    "read_sandbox": Scope.SANDBOX,
    "move_sandbox_clock": Scope.SANDBOX,
    "reset_sandbox": Scope.SANDBOX,
    "list_sandbox_messages": Scope.SANDBOX,
}
