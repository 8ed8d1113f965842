"""References come from a sequence; the database itself keeps the history from being changed (R5)."""

from django.db import migrations

SEQUENCE = "CREATE SEQUENCE complaints_ticket_reference START 100001"

APPEND_ONLY = """
CREATE FUNCTION complaints_refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of a ticket is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER history_is_append_only BEFORE UPDATE OR DELETE ON complaints_entry
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse_change_of_history();
CREATE TRIGGER history_is_never_emptied BEFORE TRUNCATE ON complaints_entry
    FOR EACH STATEMENT EXECUTE FUNCTION complaints_refuse_change_of_history();

CREATE FUNCTION complaints_refuse_rewriting_notes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.text = '' AND NEW.blanked_at IS NOT NULL AND NEW.id = OLD.id THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a note of the history can be blanked, not rewritten' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER notes_are_only_blanked BEFORE UPDATE OR DELETE ON complaints_note
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse_rewriting_notes();
"""

REVERSED = """
DROP TRIGGER notes_are_only_blanked ON complaints_note;
DROP FUNCTION complaints_refuse_rewriting_notes();
DROP TRIGGER history_is_never_emptied ON complaints_entry;
DROP TRIGGER history_is_append_only ON complaints_entry;
DROP FUNCTION complaints_refuse_change_of_history();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_squashed")]

    operations = [
        migrations.RunSQL(SEQUENCE, "DROP SEQUENCE complaints_ticket_reference"),
        migrations.RunSQL(APPEND_ONLY, REVERSED),
    ]
