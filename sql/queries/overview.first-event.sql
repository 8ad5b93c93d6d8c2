-- overview.first-event: one row: when the first exception was opened; 1970 when none was
SELECT minIf(at, type = 'opened') AS at
FROM exception_event
