-- Those that SQLite has.
CREATE FUNCTION utc_now() RETURNS text STABLE LANGUAGE sql
    RETURN to_char(statement_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
CREATE FUNCTION instr(body text, part text) RETURNS integer IMMUTABLE LANGUAGE sql RETURN strpos(body, part);
CREATE FUNCTION folded(body text) RETURNS text IMMUTABLE LANGUAGE sql RETURN
    lower(regexp_replace(normalize(replace(body, 'ß', 'ss'), NFKD), '[\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]', '',
        'g') COLLATE pg_c_utf8);
CREATE FUNCTION date(day text) RETURNS text IMMUTABLE LANGUAGE sql RETURN
    CASE WHEN day ~ '^\d{4}-\d\d-\d\d$' AND pg_input_is_valid(day, 'date') THEN day END;
CREATE FUNCTION json_valid(record text) RETURNS boolean IMMUTABLE LANGUAGE sql
    RETURN pg_input_is_valid(record, 'jsonb');
CREATE FUNCTION json_text(found jsonb) RETURNS text IMMUTABLE LANGUAGE sql RETURN
    CASE jsonb_typeof(found) WHEN 'boolean' THEN (found::boolean)::integer::text ELSE found #>> '{}' END;
CREATE FUNCTION json_extract(record text, path text) RETURNS text IMMUTABLE LANGUAGE sql
    RETURN json_text(jsonb_path_query_first(record::jsonb, path::jsonpath));
CREATE FUNCTION json_array_length(record text, path text) RETURNS integer IMMUTABLE LANGUAGE sql
    RETURN jsonb_array_length(jsonb_path_query_first(record::jsonb, path::jsonpath));
CREATE FUNCTION json_each(record text, path text DEFAULT '$') RETURNS TABLE (value text) IMMUTABLE LANGUAGE sql
    BEGIN ATOMIC
        SELECT json_text(found) FROM jsonb_path_query(record::jsonb, (path || '[*]')::jsonpath) AS found;
    END;
CREATE FUNCTION json_appended(list jsonb, item json) RETURNS jsonb IMMUTABLE LANGUAGE sql
    RETURN list || jsonb_build_array(item);
CREATE FUNCTION json_listed(list jsonb) RETURNS text IMMUTABLE LANGUAGE sql RETURN list::text;
CREATE AGGREGATE json_group_array(json) (
    sfunc = json_appended, stype = jsonb, initcond = '[]', finalfunc = json_listed
);
