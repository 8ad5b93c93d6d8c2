-- An exception keeps the version of the rule that opened it: states folded before that rule are folded anew at the next start.
TRUNCATE TABLE IF EXISTS exception_state
