-- Invented appeals as lean as the statistics see them: appeals, events and answer clocks; no texts, people shared.
-- Parameters: first, last, total, now, span, topics, areas, departments.

INSERT INTO appeals_appeal (id, number, tracking_code, channel, external_id, regime, kind, category, sector_id, topic_id, language,
    answer_language, subject, text, priority, is_confidential, is_demo, is_taken_down, applicant_id, area_id, address, status,
    outcome, department_id, is_disputed, has_unread_message, received_at, registered_at, clock_start_on, due_at, answered_at,
    closed_at, history_seq, history_head, version)
SELECT r.id, r.id::text, r.id::text,
       (ARRAY['call109','call109','call109','call1310','call1310','web','web','telegram','email','front_office','whatsapp','mobile'])
           [1 + floor(r.c1 * 12)::int],
       r.id::text, CASE WHEN r.c2 < 0.12 THEN 'appeal' ELSE 'request' END,
       CASE WHEN r.c2 < 0.12 THEN 'application' ELSE 'message' END,
       CASE WHEN r.c3 < 0.02 THEN 'gratitude' WHEN r.c3 < 0.05 THEN 'staff_complaint' WHEN r.c3 < 0.09 THEN 'proposal'
            WHEN r.c3 < 0.55 THEN 'incident' ELSE 'personal' END,
       t.sector_id, t.id, 'kk', 'kk', '', 'x', 'normal', false, true, false,
       CASE WHEN r.c4 < 0.9 THEN 1 WHEN r.c4 < 0.97 THEN 2 ELSE 3 END, a.id, '',
       CASE WHEN r.answered_at IS NULL THEN 'assigned' ELSE 'closed' END,
       CASE WHEN r.answered_at IS NULL THEN '' ELSE 'satisfied' END, d.id, r.c6 > 0.96, false, r.received_at, r.received_at,
       (r.received_at AT TIME ZONE 'Asia/Almaty')::date + 1, r.due_at, r.answered_at, r.answered_at + interval '3 days', 5,
       md5(r.id::text), 1
FROM bench_lean r
JOIN bench_topic t ON t.no = r.topic_no
JOIN bench_area a ON a.no = r.area_no
JOIN bench_department d ON d.no = 1 + (r.topic_no * 7 + r.unit_shift) %% %(departments)s;

INSERT INTO appeals_appealevent (seq, occurred_at, recorded_at, reason, data, prev_hash, hash, reacted_at, appeal_id, kind, is_public)
SELECT s.seq, s.at, s.at, '', s.data, md5(r.id::text) || md5('a'), md5(r.id::text) || md5('b'), s.at, r.id, s.kind, true
FROM bench_lean r
JOIN bench_department d ON d.no = 1 + (r.topic_no * 7 + r.unit_shift) %% %(departments)s
CROSS JOIN LATERAL (VALUES
    (1, 'appeal_received', r.received_at, true, jsonb_build_object('status', 'registered', 'due_at', r.due_at)),
    (2, 'appeal_assigned', r.received_at + interval '1 hour', true, jsonb_build_object('department', d.id, 'rule', NULL)),
    (3, 'reply_sent', r.answered_at, r.answered_at IS NOT NULL,
        jsonb_build_object('reply', r.id, 'outcome', 'satisfied', 'department', d.id, 'text_sha256', md5(r.id::text) || md5('c'))
        || CASE WHEN r.c5 < 0.06 THEN '{"findings": [{"code": "only_generic", "severity": "warn"}]}'::jsonb ELSE '{}'::jsonb END),
    (4, CASE WHEN r.c6 > 0.96 THEN 'answer_disputed' ELSE 'answer_rated' END, r.answered_at + interval '1 day',
        r.answered_at IS NOT NULL AND r.c6 > 0.6,
        jsonb_build_object('reply', r.id, 'rating', 1 + floor(r.c6 * 5)::int,
                           'verdict', CASE WHEN r.c6 > 0.96 THEN 'not_solved' WHEN r.c6 > 0.9 THEN 'partly' ELSE 'solved' END)),
    (5, 'appeal_closed', r.answered_at + interval '3 days', r.answered_at IS NOT NULL, '{"why": "silent"}'::jsonb)
    ) AS s(seq, kind, at, happened, data)
WHERE s.happened;

INSERT INTO appeals_timer (code, amount, unit, day_count, started_at, due_at, stopped_at, outcome, appeal_id)
SELECT 'answer', 7, 'calendar_days', 'after', r.received_at, r.due_at, r.answered_at,
       CASE WHEN r.answered_at IS NULL THEN '' WHEN r.answered_at <= r.due_at THEN 'met' ELSE 'missed' END, r.id
FROM bench_lean r;
