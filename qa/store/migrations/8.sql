-- When an article that is not as it was stored was set aside: nobody is shown it until it is ingested again.
ALTER TABLE articles ADD COLUMN damaged TEXT;
CREATE INDEX article_damaged ON articles (number) WHERE damaged IS NOT NULL;
{adding}
-- One row for each article that readers may not see just now, whether or not it is held. A record that is no JSON
-- any more ends no query.
DROP VIEW IF EXISTS hidden;
CREATE VIEW hidden AS
    SELECT article_id, status, text AS reason, day, until FROM orders WHERE status <> 'live'
    UNION ALL
    SELECT a.id, a.status,
        coalesce(CASE WHEN json_valid(a.withdrawn) THEN json_extract(a.withdrawn, '$.reason') END, ''),
        CASE WHEN json_valid(a.withdrawn) THEN json_extract(a.withdrawn, '$.date') END, a.embargo
    FROM articles a
    WHERE a.status NOT IN ('live', 'corrected') AND a.state = 'live'
        AND (a.status <> 'embargoed' OR a.embargo > strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
        AND NOT EXISTS (
            SELECT 1 FROM orders o WHERE o.article_id = a.id AND (o.status <> 'live' OR o.digest = a.digest)
        );
