-- One row per approved time line in either system, with what it should bring in before any cap, whenever the rate was signed (see
-- rated_time). What it is worth to billing as of a day is in time_worth.
CREATE OR REPLACE VIEW priced_time AS
SELECT *
FROM rated_time(as_of = toDate('2149-06-06'))
