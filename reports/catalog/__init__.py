"""The catalogue of reports, one in each file: a new file is a new report, on its own page and in every export."""

from importlib import import_module
from pkgutil import iter_modules

from reports.tables import Report, reports

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["Report", "reports"]
