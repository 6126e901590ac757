"""Roll-ups from events and daily rows, in SQL: made anew for the users and days that ``usage_touched`` names.

Zone and session gap are read from the workspace's row, which is held until the end of the transaction, so that a change
of either waits for a load that still uses the old one. Sessions and gaps reach over midnight: an event touches
everything that is no further away than a session's gap.
"""

HOLD = (
    "SELECT FROM accounts_workspace FOR SHARE",
    "LOCK TABLE usage_userday IN SHARE ROW EXCLUSIVE MODE",
)

# Events of a load that are new, and those that changed: as they are now and as they were.
TOUCHED_BY_EVENTS = """
CREATE TEMPORARY TABLE usage_touched ON COMMIT DROP AS
SELECT end_user_id,
       ((min(at) - make_interval(mins => session_gap_minutes)) AT TIME ZONE time_zone)::date AS first_day,
       ((max(at) + make_interval(mins => session_gap_minutes)) AT TIME ZONE time_zone)::date AS last_day
FROM (
    SELECT end_user AS end_user_id, occurred_at AS at FROM load_checked
    WHERE verdict IS NULL AND (stored_id IS NULL OR changed)
    UNION ALL
    SELECT end_user_old, occurred_at_old FROM load_checked WHERE verdict IS NULL AND stored_id IS NOT NULL AND changed
) moved, accounts_workspace
GROUP BY end_user_id, session_gap_minutes, time_zone
"""

TOUCHED_BY_DAILY = """
CREATE TEMPORARY TABLE usage_touched ON COMMIT DROP AS
SELECT end_user AS end_user_id, min(date) AS first_day, max(date) AS last_day FROM load_checked
WHERE verdict IS NULL AND end_user IS NOT NULL AND (stored_id IS NULL OR changed)
GROUP BY end_user
"""

TOUCHED_BY_HAND = """
CREATE TEMPORARY TABLE usage_touched ON COMMIT DROP AS
SELECT id AS end_user_id, '1900-01-01'::date AS first_day, '2300-01-01'::date AS last_day FROM accounts_enduser
WHERE id = ANY(%(end_users)s)
"""

CLEAR = tuple(
    f"DELETE FROM {table} roll USING usage_touched touched WHERE roll.end_user_id = touched.end_user_id"  # noqa: S608
    " AND roll.day BETWEEN touched.first_day AND touched.last_day"
    for table in ("usage_userday", "usage_featureday")
)

# A day more on both sides is read than is written: what an event next to midnight follows and what follows it.
FROM_EVENTS = """
WITH events AS (
    SELECT event.end_user_id, coalesce(nullif(event.feature, ''), event.name) AS feature, event.duration_seconds,
           event.occurred_at, (event.occurred_at AT TIME ZONE (SELECT time_zone FROM accounts_workspace))::date AS day,
           lag(event.occurred_at) OVER by_time AS last_at, lead(event.occurred_at) OVER by_time AS next_at,
           touched.first_day, touched.last_day
    FROM usage_touched touched JOIN usage_usageevent event ON event.end_user_id = touched.end_user_id
    WHERE event.occurred_at >= touched.first_day - interval '2 days'
      AND event.occurred_at < touched.last_day + interval '3 days'
    WINDOW by_time AS (PARTITION BY event.end_user_id ORDER BY event.occurred_at)
), paused AS (
    SELECT events.*,
           CASE WHEN next_at - occurred_at <= (
               SELECT make_interval(mins => session_gap_minutes) FROM accounts_workspace
           ) THEN next_at - occurred_at END AS pause
    FROM events WHERE day BETWEEN first_day AND last_day
), seen AS MATERIALIZED (
    SELECT end_user_id, day, feature, duration_seconds, pause,
           last_at IS NULL OR occurred_at - last_at > (
               SELECT make_interval(mins => session_gap_minutes) FROM accounts_workspace
           ) AS starts,
           pause IS NOT NULL AND day < (
               next_at AT TIME ZONE (SELECT time_zone FROM accounts_workspace)
           )::date AS crosses
    FROM paused
), days AS (
    INSERT INTO usage_userday
        (end_user_id, day, events, sessions, duration_seconds, gap_seconds, next_gap_seconds)
    SELECT end_user_id, day, count(*), count(*) FILTER (WHERE starts), sum(duration_seconds),
           coalesce(extract(epoch FROM sum(pause) FILTER (WHERE NOT crosses)), 0),
           coalesce(extract(epoch FROM sum(pause) FILTER (WHERE crosses)), 0)
    FROM seen GROUP BY end_user_id, day ORDER BY day, end_user_id
)
INSERT INTO usage_featureday (end_user_id, day, feature, events)
SELECT end_user_id, day, feature, count(*) FROM seen GROUP BY end_user_id, day, feature ORDER BY day, end_user_id
"""

FROM_DAILY = """
WITH daily AS MATERIALIZED (
    SELECT daily.* FROM usage_touched touched
    JOIN usage_usagedaily daily ON daily.end_user_id = touched.end_user_id
    WHERE daily.date BETWEEN touched.first_day AND touched.last_day AND NOT EXISTS (
        SELECT FROM usage_userday roll WHERE roll.end_user_id = daily.end_user_id AND roll.day = daily.date
    )
), days AS (
    INSERT INTO usage_userday (end_user_id, day, events, sessions, duration_seconds)
    SELECT end_user_id, date, sum(events), greatest(max(sessions), 1), sum(duration_seconds)
    FROM daily GROUP BY end_user_id, date ORDER BY date, end_user_id
)
INSERT INTO usage_featureday (end_user_id, day, feature, events)
SELECT end_user_id, date, feature, events FROM daily ORDER BY date, end_user_id
"""

ROLL_UP = (*CLEAR, FROM_EVENTS, FROM_DAILY, "DROP TABLE usage_touched")
AFTER_EVENTS = (*HOLD, TOUCHED_BY_EVENTS, "ANALYZE usage_touched", *ROLL_UP)
AFTER_DAILY = (*HOLD, TOUCHED_BY_DAILY, "ANALYZE usage_touched", *ROLL_UP)
BY_HAND = (*HOLD, TOUCHED_BY_HAND, *ROLL_UP)
