"""The database counts the editions of the configuration; `common.kept` puts a trigger on each table that belongs to it."""

from django.db import migrations

EDITIONS = """
CREATE TABLE common_edition (
    id smallint PRIMARY KEY DEFAULT 1 CONSTRAINT there_is_one_edition CHECK (id = 1),
    edition uuid NOT NULL DEFAULT gen_random_uuid(),
    begun_in xid8
);
INSERT INTO common_edition DEFAULT VALUES;

CREATE FUNCTION common_begin_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE common_edition SET edition = gen_random_uuid(), begun_in = pg_current_xact_id()
    WHERE begun_in IS DISTINCT FROM pg_current_xact_id();
    RETURN NULL;
END
$$;
"""

UNCOUNTED = """
DROP FUNCTION common_begin_edition() CASCADE;
DROP TABLE common_edition;
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0002_squashed")]

    operations = [migrations.RunSQL(EDITIONS, UNCOUNTED)]
