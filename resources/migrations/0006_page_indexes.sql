-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the console's pages look for. Those of few rows cost a payment next to nothing (a list behind NOT IN would: SQLite makes a table of it
-- for every row); what was done to a thing is what an audit asks first, and its index grows at one end.
CREATE INDEX job_parked ON job (due_at, id) WHERE state = 'parked';
CREATE INDEX audit_event_subject ON audit_event (subject, id);
CREATE INDEX audit_event_rare_action ON audit_event (action, id) WHERE action <> 'order.transition' AND action <> 'order.created' AND action <> 'settlement.released';
CREATE INDEX audit_event_rare_actor ON audit_event (actor, id) WHERE actor <> 'worker' AND substr(actor, 1, 4) <> 'api:' AND substr(actor, 1, 7) <> 'import:';
