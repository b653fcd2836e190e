"""Appeals that are hidden or anonymised; an event may lose its personal words where a later event tells of it."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION event_allow_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.reason = ''
        AND NEW.data = (OLD.data - 'address') #- '{changes,place}'
        AND EXISTS (
            SELECT 1 FROM appeals_appealevent told
            WHERE told.appeal_id = OLD.appeal_id AND told.seq > OLD.seq AND told.kind = 'personal_data_removed'
                AND told.data -> 'events' ? OLD.seq::text
        )
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

DROP TRIGGER event_no_update ON appeals_appealevent;
CREATE TRIGGER event_no_update BEFORE UPDATE OF
    id, appeal_id, question_id, seq, kind, actor_id, occurred_at, recorded_at, is_public, prev_hash, hash
    ON appeals_appealevent FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_redacted BEFORE UPDATE OF reason, data
    ON appeals_appealevent FOR EACH ROW EXECUTE FUNCTION event_allow_redaction();
"""

BACKWARD = """
DROP TRIGGER event_redacted ON appeals_appealevent;
DROP TRIGGER event_no_update ON appeals_appealevent;
CREATE TRIGGER event_no_update BEFORE UPDATE OF
    id, appeal_id, question_id, seq, kind, actor_id, occurred_at, recorded_at, reason, data, is_public, prev_hash, hash
    ON appeals_appealevent FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION event_allow_redaction();
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0016_malware_scan")]
    operations = [
        migrations.AddField(
            "appeal",
            "is_taken_down",
            models.BooleanField(default=False, editable=False, verbose_name="hidden from the public list"),
        ),
        migrations.AddField(
            "appeal",
            "anonymised_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="personal data removed"),
        ),
        migrations.AddIndex(
            "appeal",
            models.Index(
                fields=["closed_at", "regime"],
                name="appeal_retention",
                condition=models.Q(closed_at__isnull=False, anonymised_at__isnull=True),
            ),
        ),
        migrations.AlterField(
            "appealevent",
            "kind",
            models.CharField(choices=[('appeal_received', 'Appeal received'), ('contact_confirmed', 'Contact confirmed'), ('appeal_registered', 'Appeal registered'), ('appeal_classified', 'Topic and kind set'), ('route_suggested', 'Unit suggested'), ('appeal_assigned', 'Given to a unit'), ('appeal_claimed', 'Taken into work'), ('appeal_handed_back', 'Handed back'), ('co_executor_added', 'Co-executor added'), ('co_executor_removed', 'Co-executor removed'), ('message_received', 'Message from the applicant'), ('message_sent', 'Message to the applicant'), ('message_moved', 'Message moved'), ('info_requested', 'Applicant asked for information'), ('info_received', 'Applicant answered the question'), ('clock_paused', 'Clock paused'), ('clock_resumed', 'Clock resumed'), ('extension_proposed', 'Extension proposed'), ('extension_refused', 'Extension refused'), ('term_extended', 'Term extended'), ('term_recalculated', 'Term recalculated after a change of the calendar'), ('questions_split', 'Split into questions'), ('question_answered', 'Question answered'), ('appeal_forwarded', 'Forwarded to another body'), ('appeal_linked', 'Linked with another appeal'), ('appeal_unlinked', 'Link removed'), ('incident_joined', 'Joined to an incident'), ('incident_left', 'Taken out of an incident'), ('note_added', 'Internal note'), ('priority_changed', 'Priority changed'), ('confidentiality_changed', 'Confidentiality changed'), ('attachment_added', 'File added'), ('reply_drafted', 'Reply drafted'), ('reply_sent', 'Answer sent'), ('answer_rated', 'Answer rated by the applicant'), ('answer_disputed', 'Answer disputed'), ('appeal_reopened', 'Reopened for a second look'), ('appeal_closed', 'Closed'), ('appeal_withdrawn', 'Withdrawn by the applicant'), ('appeal_promoted', 'Promoted to a statutory appeal'), ('reminder_sent', 'Reminder about the term'), ('appeal_escalated', 'Escalated'), ('notice_failed', 'Message could not be delivered'), ('history_imported', 'Imported from another system'), ('personal_data_removed', 'Personal data removed'), ('taken_down', 'Hidden from the public list'), ('shown_again', 'In the public list again')], max_length=30, verbose_name='event'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
