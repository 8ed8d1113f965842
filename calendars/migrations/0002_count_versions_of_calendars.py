from django.db import migrations

# Whatever changes a calendar's hours gives it a new version: its own row, an override, an official day. Here and not in
# code, so that bulk changes, cascades and the admin count as well.
COUNT = """
CREATE FUNCTION calendars_count_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
END $$;

CREATE TRIGGER a_changed_calendar_has_a_new_version BEFORE UPDATE ON calendars_calendar
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION calendars_count_version();

CREATE FUNCTION calendars_override_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE calendars_calendar SET changed_at = clock_timestamp() WHERE id IN (OLD.calendar_id, NEW.calendar_id);
    RETURN NULL;
END $$;

CREATE TRIGGER an_override_changes_its_calendar AFTER INSERT OR UPDATE OR DELETE ON calendars_override
    FOR EACH ROW EXECUTE FUNCTION calendars_override_changed();

CREATE FUNCTION calendars_official_days_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE calendars_calendar SET changed_at = clock_timestamp() WHERE follows_official_days;
    RETURN NULL;
END $$;

CREATE TRIGGER official_days_change_the_calendars_that_follow AFTER INSERT OR UPDATE OR DELETE ON calendars_officialday
    FOR EACH STATEMENT EXECUTE FUNCTION calendars_official_days_changed();
"""

UNCOUNTED = """
DROP TRIGGER official_days_change_the_calendars_that_follow ON calendars_officialday;
DROP FUNCTION calendars_official_days_changed();
DROP TRIGGER an_override_changes_its_calendar ON calendars_override;
DROP FUNCTION calendars_override_changed();
DROP TRIGGER a_changed_calendar_has_a_new_version ON calendars_calendar;
DROP FUNCTION calendars_count_version();
"""


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_squashed")]

    operations = [migrations.RunSQL(COUNT, UNCOUNTED)]
