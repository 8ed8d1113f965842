"""The database itself keeps a published policy as it was: only its end may be set (R27)."""

from django.db import migrations

KEEP = """
CREATE FUNCTION sla_refuse_change_of_published_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.status <> 'draft'
        AND to_jsonb(NEW) - 'status' - 'effective_until' = to_jsonb(OLD) - 'status' - 'effective_until'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a published policy does not change; make a new version' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER published_policies_do_not_change BEFORE UPDATE OR DELETE ON sla_policy
    FOR EACH ROW EXECUTE FUNCTION sla_refuse_change_of_published_policy();
"""

REVERSED = """
DROP TRIGGER published_policies_do_not_change ON sla_policy;
DROP FUNCTION sla_refuse_change_of_published_policy();
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_squashed")]

    operations = [migrations.RunSQL(KEEP, REVERSED)]
