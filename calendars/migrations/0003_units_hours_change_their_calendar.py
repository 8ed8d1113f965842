from django.db import migrations

# Which calendar a unit works by decides limits as much as the calendar's own hours do.
COUNT = """
CREATE FUNCTION calendars_unit_hours_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE calendars_calendar SET changed_at = clock_timestamp() WHERE id IN (OLD.calendar_id, NEW.calendar_id);
    RETURN NULL;
END $$;

CREATE TRIGGER units_hours_change_their_calendar AFTER INSERT OR UPDATE OR DELETE ON calendars_unithours
    FOR EACH ROW EXECUTE FUNCTION calendars_unit_hours_changed();
"""

UNCOUNTED = """
DROP TRIGGER units_hours_change_their_calendar ON calendars_unithours;
DROP FUNCTION calendars_unit_hours_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("calendars", "0002_count_versions_of_calendars")]

    operations = [migrations.RunSQL(COUNT, UNCOUNTED)]
