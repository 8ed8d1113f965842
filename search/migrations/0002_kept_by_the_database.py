"""The database keeps the words of each ticket: whatever writes a ticket or what is said about it, finds them here."""

from django.db import migrations

CHINESE = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff"

# Latin words as they are, Chinese as all pairs of neighbours: once in pairs from the first character of each run, once
# from its second. What is left over at the end of a run stays alone, so each character also begins some lexeme.
WORDS_OF = r"""
CREATE FUNCTION search_words_of(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH plain AS (
        SELECT regexp_replace(
            regexp_replace(lower(normalize(left(coalesce(said, ''), 100000), NFKC)), '[^[:alnum:]<chinese>]+', ' ', 'g'),
            '([<chinese>]+)', ' \1 ', 'g'
        ) AS text
    ), paired AS (
        SELECT regexp_replace(text, '([<chinese>]{2})', '\1 ', 'g') || ' ' || regexp_replace(
            regexp_replace(text, ' [<chinese>]', ' ', 'g'), '([<chinese>]{2})', '\1 ', 'g'
        ) AS text
        FROM plain
    )
    SELECT array_to_tsvector(
        ARRAY(SELECT left(word, 100) FROM unnest(string_to_array(text, ' ')) AS word WHERE word <> '')
    )
    FROM paired
$$;
""".replace("<chinese>", CHINESE)

WORDING_OF = """
CREATE FUNCTION search_wording_of_ticket(
    happened text, wanted text, record jsonb
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT search_words_of(
        concat_ws(' ', happened, wanted, (SELECT string_agg(value, ' ') FROM jsonb_each_text(record)))
    )
$$;
"""

TRIGGERS = """
CREATE FUNCTION search_follow_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_wording (ticket_id, raised_at, words)
    VALUES (NEW.id, NEW.raised_at, search_wording_of_ticket(NEW.happened, NEW.wanted, NEW.record));
    RETURN NULL;
END
$$;
CREATE TRIGGER wording_follows_acceptance AFTER INSERT ON complaints_ticket
    FOR EACH ROW EXECUTE FUNCTION search_follow_ticket();

CREATE FUNCTION search_add(of_ticket bigint, said text) RETURNS void LANGUAGE sql AS $$
    UPDATE search_wording SET words = words || search_words_of(said) WHERE ticket_id = of_ticket
$$;

CREATE FUNCTION search_gather(of_ticket bigint) RETURNS void LANGUAGE sql AS $$
    UPDATE search_wording SET raised_at = ticket.raised_at, words =
        search_wording_of_ticket(ticket.happened, ticket.wanted, ticket.record) || search_words_of(concat_ws(' ',
            (SELECT string_agg(concat_ws(' ', process, cause, result, person, advice, rejection), ' ')
             FROM complaints_feedback WHERE ticket_id = of_ticket),
            (SELECT string_agg(text, ' ') FROM complaints_replyattempt WHERE ticket_id = of_ticket),
            (SELECT string_agg(remedy, ' ') FROM complaints_conclusion WHERE ticket_id = of_ticket),
            (SELECT string_agg(note.text, ' ') FROM complaints_entry AS entry
             JOIN complaints_note AS note ON note.id = entry.note_id WHERE entry.ticket_id = of_ticket)
        ))
    FROM complaints_ticket AS ticket
    WHERE search_wording.ticket_id = of_ticket AND ticket.id = of_ticket
$$;

CREATE FUNCTION search_gather_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_gather(NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER wording_follows_record AFTER UPDATE OF happened, wanted, record, raised_at ON complaints_ticket
    FOR EACH ROW
    WHEN ((OLD.happened, OLD.wanted, OLD.record, OLD.raised_at)
        IS DISTINCT FROM (NEW.happened, NEW.wanted, NEW.record, NEW.raised_at))
    EXECUTE FUNCTION search_gather_anew();

CREATE FUNCTION search_follow_feedback() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_add(
        NEW.ticket_id, concat_ws(' ', NEW.process, NEW.cause, NEW.result, NEW.person, NEW.advice, NEW.rejection)
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER wording_follows_feedback AFTER INSERT OR UPDATE OF rejection ON complaints_feedback
    FOR EACH ROW EXECUTE FUNCTION search_follow_feedback();

CREATE FUNCTION search_follow_reply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_add(NEW.ticket_id, NEW.text);
    RETURN NULL;
END
$$;
CREATE TRIGGER wording_follows_reply AFTER INSERT ON complaints_replyattempt
    FOR EACH ROW WHEN (NEW.text <> '') EXECUTE FUNCTION search_follow_reply();

CREATE FUNCTION search_follow_conclusion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_add(NEW.ticket_id, NEW.remedy);
    RETURN NULL;
END
$$;
CREATE TRIGGER wording_follows_conclusion AFTER INSERT OR UPDATE OF remedy ON complaints_conclusion
    FOR EACH ROW WHEN (NEW.remedy <> '') EXECUTE FUNCTION search_follow_conclusion();

CREATE FUNCTION search_follow_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_add(NEW.ticket_id, (SELECT text FROM complaints_note WHERE id = NEW.note_id));
    RETURN NULL;
END
$$;
CREATE TRIGGER wording_follows_note AFTER INSERT ON complaints_entry
    FOR EACH ROW WHEN (NEW.note_id IS NOT NULL) EXECUTE FUNCTION search_follow_note();

CREATE FUNCTION search_forget_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_gather(entry.ticket_id) FROM complaints_entry AS entry WHERE entry.note_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER wording_forgets_blanked_notes AFTER UPDATE OF text ON complaints_note
    FOR EACH ROW EXECUTE FUNCTION search_forget_note();
"""

GONE = """
DROP TRIGGER wording_forgets_blanked_notes ON complaints_note;
DROP TRIGGER wording_follows_note ON complaints_entry;
DROP TRIGGER wording_follows_conclusion ON complaints_conclusion;
DROP TRIGGER wording_follows_reply ON complaints_replyattempt;
DROP TRIGGER wording_follows_feedback ON complaints_feedback;
DROP TRIGGER wording_follows_record ON complaints_ticket;
DROP TRIGGER wording_follows_acceptance ON complaints_ticket;
DROP FUNCTION search_forget_note();
DROP FUNCTION search_follow_note();
DROP FUNCTION search_follow_conclusion();
DROP FUNCTION search_follow_reply();
DROP FUNCTION search_follow_feedback();
DROP FUNCTION search_gather_anew();
DROP FUNCTION search_gather(bigint);
DROP FUNCTION search_add(bigint, text);
DROP FUNCTION search_follow_ticket();
"""

# Tickets that were there before.
FORMER = """
INSERT INTO search_wording (ticket_id, raised_at, words) SELECT id, raised_at, '' FROM complaints_ticket;
SELECT search_gather(id) FROM complaints_ticket;
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0001_squashed"), ("complaints", "0002_references_and_append_only_history")]

    operations = [
        migrations.RunSQL(WORDS_OF, "DROP FUNCTION search_words_of(text)"),
        migrations.RunSQL(WORDING_OF, "DROP FUNCTION search_wording_of_ticket(text, text, jsonb)"),
        migrations.RunSQL(TRIGGERS, GONE),
        migrations.RunSQL(FORMER, migrations.RunSQL.noop),
    ]
