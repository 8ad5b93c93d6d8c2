-- The words systems use for how work is billed, without blanks, signs and capitals ("T&M" is "tandm"), and what they mean. A word that is
-- not here says nothing.
CREATE OR REPLACE VIEW billing_model AS
SELECT
  tupleElement(pair, 1) AS word,
  tupleElement(pair, 2) AS model
FROM
(
  SELECT arrayJoin([
    ('timeandmaterials', 'time and materials'),
    ('timeandmaterial', 'time and materials'),
    ('timematerials', 'time and materials'),
    ('timematerial', 'time and materials'),
    ('tandm', 'time and materials'),
    ('tm', 'time and materials'),
    ('hourly', 'time and materials'),
    ('timeandmaterialscapped', 'capped'),
    ('timeandmaterialcapped', 'capped'),
    ('cappedtimeandmaterials', 'capped'),
    ('cappedtandm', 'capped'),
    ('tandmcapped', 'capped'),
    ('capped', 'capped'),
    ('nottoexceed', 'capped'),
    ('timeandmaterialsnottoexceed', 'capped'),
    ('fixed', 'fixed price'),
    ('fixedprice', 'fixed price'),
    ('fixedfee', 'fixed price'),
    ('fixedbid', 'fixed price'),
    ('fixedbidinterval', 'fixed price'),
    ('fixedbidmilestone', 'fixed price'),
    ('milestone', 'fixed price')
  ]) AS pair
)
