"""The log on its way to a SIEM: ECS documents over syslog and HTTP, at least once and in the order of the chain."""
