"""What each process counts while it works. Labels come from closed lists (views, tasks, queues), never ids."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

FAST = (0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
STATEMENT = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0, 15.0)
SLOW = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 600.0)

# Requests
REQUESTS = Counter("halyq_http_requests_total", "Requests that were answered.", ["view", "method", "status"])
REQUEST_SECONDS = Histogram(
    "halyq_http_request_seconds", "Time from the first middleware to the answer.", ["view", "method"], buckets=FAST
)
REQUESTS_UNDER_WAY = Gauge(
    "halyq_http_requests_under_way", "Requests that are being answered.", multiprocess_mode="livesum"
)
API_CALLS = Counter(
    "halyq_api_calls_total",
    "Calls of the open API and of Open311; the realm is live, sandbox, or none.",
    ["view", "method", "status", "realm"],
)

# Database
STATEMENT_SECONDS = Histogram(
    "halyq_database_statement_seconds", "Time of the statements a process sent.", buckets=STATEMENT
)
STATEMENT_ERRORS = Counter("halyq_database_errors_total", "Statements that failed, by kind of error.", ["error"])
CONNECTIONS_LENT = Counter("halyq_database_connections_lent_total", "Connections opened, or taken from the pool.")
POOL_SIZE = Gauge("halyq_database_pool_connections", "Connections of the pools.", multiprocess_mode="livesum")
POOL_WAITING = Gauge("halyq_database_pool_waiting", "Threads that wait for one of them.", multiprocess_mode="livesum")

# Tasks
TASKS = Counter("halyq_tasks_total", "Tasks by what became of them.", ["task", "queue", "outcome"])
TASK_SECONDS = Histogram("halyq_task_seconds", "Time a worker spent on a task.", ["task", "queue"], buckets=SLOW)
TASK_WAIT_SECONDS = Histogram(
    "halyq_task_wait_seconds", "Time between sending a task and its beginning.", ["queue"], buckets=SLOW
)
TASKS_SENT = Counter("halyq_tasks_sent_total", "Tasks given to the queue.", ["task", "queue"])
