-- Invented appeals by the hundred thousand: one row of bench_row each, then what belongs to it.
-- Parameters: bench_first, bench_last (numbers of the chunk), bench_total, bench_now, bench_span (interval).

CREATE OR REPLACE FUNCTION bench_damm(digits text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    rows CONSTANT text[] := ARRAY['0317598642','7092154863','4206871359','1750983426','6123045978',
                                  '3674209581','5869720134','8945362017','9438617205','2581436790'];
    interim int := 0;
BEGIN
    FOR position IN 1..length(digits) LOOP
        interim := substr(rows[interim + 1], substr(digits, position, 1)::int + 1, 1)::int;
    END LOOP;
    RETURN interim;
END $$;

CREATE OR REPLACE FUNCTION bench_number(id bigint, at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'TRK-' || to_char(at, 'YY') || '-' || lpad(id::text, 7, '0') || '-'
        || bench_damm(to_char(at, 'YY') || lpad(id::text, 7, '0'))
$$;

-- name: chunk
CREATE UNLOGGED TABLE bench_row AS
WITH chance AS (
    SELECT i AS id,
           %(now)s::timestamptz - %(span)s::interval * ((%(total)s - i + random() * 3) / %(total)s::float8) AS received_at,
           1 + floor(random() * %(pool)s)::int AS text_no,
           floor(power(random(), 1.6) * %(departments)s)::int AS department_no,
           random() AS unit_chance, random() AS state_chance, random() AS speed, random() AS kind_chance,
           random() AS channel_chance, random() AS person_chance, random() AS late_chance,
           1 + floor(random() * %(areas)s)::int AS area_no, floor(random() * 240)::int AS house,
           floor(random() * 900000 + 100000)::int AS account
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i
), stated AS (
    SELECT chance.*,
           CASE
               WHEN age < interval '1 day' THEN
                   (ARRAY['received','registered','registered','registered','registered','assigned','assigned','assigned','in_progress','in_progress'])[1 + floor(state_chance * 10)::int]
               WHEN age < interval '7 days' THEN
                   CASE WHEN state_chance < 0.04 THEN 'registered' WHEN state_chance < 0.30 THEN 'assigned'
                        WHEN state_chance < 0.62 THEN 'in_progress' WHEN state_chance < 0.67 THEN 'awaiting_info'
                        WHEN state_chance < 0.88 THEN 'answered' ELSE 'closed' END
               WHEN age < interval '30 days' THEN
                   CASE WHEN state_chance < 0.04 THEN 'assigned' WHEN state_chance < 0.14 THEN 'in_progress'
                        WHEN state_chance < 0.17 THEN 'awaiting_info' WHEN state_chance < 0.19 THEN 'reopened'
                        WHEN state_chance < 0.21 THEN 'forwarded' WHEN state_chance < 0.50 THEN 'answered' ELSE 'closed' END
               ELSE
                   CASE WHEN state_chance < 0.006 THEN 'in_progress' WHEN state_chance < 0.009 THEN 'assigned'
                        WHEN state_chance < 0.012 THEN 'answered' WHEN state_chance < 0.013 THEN 'reopened'
                        WHEN state_chance < 0.03 THEN 'forwarded' ELSE 'closed' END
           END AS status
    FROM (SELECT chance.*, %(now)s::timestamptz - received_at AS age FROM chance) AS chance
)
SELECT id, received_at, text_no, speed, status, area_no, house, account, channel_chance, late_chance,
       kind_chance < 0.12 AS is_statutory,
       CASE WHEN status IN ('received', 'registered') THEN NULL ELSE department_no + 1 END AS department_no,
       CASE WHEN status IN ('received', 'registered', 'forwarded') OR (status = 'assigned' AND person_chance < 0.5) THEN NULL
            ELSE 1 + floor(unit_chance * %(executors)s)::int END AS executor_no,
       (date_trunc('day', received_at AT TIME ZONE 'Asia/Almaty')
            + CASE WHEN kind_chance < 0.12 THEN interval '22 days' ELSE interval '8 days' END
            - interval '1 second') AT TIME ZONE 'Asia/Almaty' AS due_at,
       CASE WHEN status IN ('answered', 'closed')
            THEN least(received_at + interval '9 days' * power(speed, 1.5) + interval '20 minutes', %(now)s::timestamptz) END AS answered_at,
       CASE WHEN status = 'closed'
            THEN least(received_at + interval '9 days' * power(speed, 1.5) + interval '3 days' * unit_chance + interval '30 minutes',
                       %(now)s::timestamptz) END AS closed_at
FROM stated;

INSERT INTO appeals_applicant (id, type, full_name, identifier, identifier_hash, representative_name, representative_ground,
    phone, phone_hash, email, email_hash, postal_address, thread_key, contact_confirmed_at)
SELECT r.id, 'individual', p.name, '', '', '', '', p.phone, p.phone_hash, '', '', '', '', r.received_at
FROM bench_row r JOIN bench_person p ON p.no = 1 + (r.account %% %(people)s);

INSERT INTO appeals_appeal (id, number, tracking_code, channel, external_id, regime, kind, category, sector_id, topic_id, language,
    answer_language, subject, text, search, priority, is_confidential, is_demo, applicant_id, area_id, address, status, outcome,
    department_id, executor_id, is_disputed, has_unread_message, received_at, registered_at, clock_start_on, due_at, answered_at,
    closed_at, history_seq, history_head, version)
SELECT r.id, bench_number(r.id, r.received_at), 'BENCH-' || lpad((r.id %% 100000)::text, 5, '2'),
       (ARRAY['call109','call109','call109','call1310','call1310','web','web','telegram','email','front_office','whatsapp','mobile'])
           [1 + floor(r.channel_chance * 12)::int],
       'bench-' || r.id,
       CASE WHEN r.is_statutory THEN 'appeal' ELSE 'request' END,
       CASE WHEN r.is_statutory THEN 'application' ELSE 'message' END,
       CASE WHEN r.late_chance < 0.02 THEN 'gratitude' WHEN r.late_chance < 0.05 THEN 'staff_complaint'
            WHEN r.late_chance < 0.09 THEN 'proposal' WHEN r.late_chance < 0.55 THEN 'incident' ELSE 'personal' END,
       t.sector_id, t.topic_id, t.language, t.language, t.subject,
       t.text || ' № ' || r.account, array_to_tsvector(t.stems || ARRAY[r.account::text]),
       CASE WHEN r.late_chance < 0.02 THEN 'emergency' WHEN r.late_chance < 0.12 THEN 'urgent' ELSE 'normal' END,
       r.late_chance > 0.995, true, r.id, a.id, '', r.status,
       CASE WHEN r.status IN ('answered', 'closed') THEN
           (ARRAY['satisfied','satisfied','explained','satisfied_partly','refused'])[1 + floor(r.speed * 5)::int] ELSE '' END,
       d.id, e.id, r.status = 'reopened' OR (r.status = 'closed' AND r.speed > 0.985), r.late_chance > 0.985 AND r.closed_at IS NULL,
       r.received_at, r.received_at, (r.received_at AT TIME ZONE 'Asia/Almaty')::date + 1, r.due_at, r.answered_at, r.closed_at,
       CASE WHEN r.department_no IS NULL THEN 1 WHEN r.answered_at IS NULL THEN 2 ELSE 3 END,
       encode(sha256(('bench' || r.id)::bytea), 'hex'), 1
FROM bench_row r
JOIN bench_text t ON t.no = r.text_no
JOIN bench_area a ON a.no = r.area_no
LEFT JOIN bench_department d ON d.no = r.department_no
LEFT JOIN bench_executor e ON e.department_id = d.id AND e.no = r.executor_no;

INSERT INTO appeals_appealevent (seq, occurred_at, recorded_at, reason, data, prev_hash, hash, reacted_at, appeal_id, kind, is_public)
SELECT s.seq, s.at, s.at, '', '{}', CASE WHEN s.seq = 1 THEN '' ELSE encode(sha256(('bench' || r.id || '/' || (s.seq - 1))::bytea), 'hex') END,
       encode(sha256(('bench' || r.id || '/' || s.seq)::bytea), 'hex'), s.at, r.id, s.kind, true
FROM bench_row r
CROSS JOIN LATERAL (VALUES
    (1, 'appeal_received', r.received_at, true),
    (2, 'appeal_assigned', r.received_at + interval '1 hour', r.department_no IS NOT NULL),
    (3, 'reply_sent', r.answered_at, r.answered_at IS NOT NULL)) AS s(seq, kind, at, happened)
WHERE s.happened;

INSERT INTO appeals_timer (code, amount, unit, day_count, started_at, due_at, paused_at, stopped_at, outcome, next_step_at, next_share, appeal_id)
SELECT 'answer', CASE WHEN r.is_statutory THEN 15 ELSE 7 END, CASE WHEN r.is_statutory THEN 'working_days' ELSE 'calendar_days' END,
       'after', r.received_at, r.due_at, CASE WHEN r.status = 'awaiting_info' THEN r.received_at + interval '1 day' END,
       CASE WHEN r.status = 'forwarded' THEN r.received_at + interval '2 days' ELSE r.answered_at END,
       CASE WHEN r.status = 'forwarded' THEN 'cancelled' WHEN r.answered_at IS NULL THEN ''
            WHEN r.answered_at <= r.due_at THEN 'met' ELSE 'missed' END,
       CASE WHEN r.answered_at IS NULL AND r.status NOT IN ('forwarded', 'awaiting_info') AND r.due_at > %(now)s::timestamptz THEN r.due_at END,
       CASE WHEN r.answered_at IS NULL AND r.status NOT IN ('forwarded', 'awaiting_info') AND r.due_at > %(now)s::timestamptz THEN 100 END,
       r.id
FROM bench_row r;

INSERT INTO appeals_timer (code, amount, unit, day_count, started_at, due_at, stopped_at, outcome, appeal_id)
SELECT 'first_reaction', 4, 'working_hours', 'after', r.received_at, r.received_at + interval '5 hours',
       CASE WHEN r.department_no IS NOT NULL THEN r.received_at + interval '1 hour' END,
       CASE WHEN r.department_no IS NOT NULL THEN 'met' ELSE '' END, r.id
FROM bench_row r
WHERE r.status <> 'received'; -- a statutory appeal reacts when it is registered

INSERT INTO appeals_assignment (part, assigned_at, ended_at, appeal_id, department_id, user_id)
SELECT 'executor', r.received_at + interval '1 hour', r.closed_at, r.id, d.id, e.id
FROM bench_row r JOIN bench_department d ON d.no = r.department_no
LEFT JOIN bench_executor e ON e.department_id = d.id AND e.no = r.executor_no;

INSERT INTO appeals_reply (language, outcome, text, measures, done_by, is_interim, findings, override_ground, created_at, updated_at, sent_at,
    appeal_id, author_id, department_id)
SELECT t.language, 'satisfied', t.reply || ' № ' || r.account, '', '', false, '[]', '', r.answered_at, r.answered_at, r.answered_at, r.id, e.id, d.id
FROM bench_row r JOIN bench_text t ON t.no = r.text_no
LEFT JOIN bench_department d ON d.no = r.department_no
LEFT JOIN bench_executor e ON e.department_id = d.id AND e.no = r.executor_no
WHERE r.answered_at IS NOT NULL;

DROP TABLE bench_row;
