-- SPDX-License-Identifier: GPL-3.0-or-later
-- What is asked of a long queue again and again: how many there are of which severity, and how many somebody may work on.
CREATE INDEX intervention_case_severity ON intervention_case (severity, opened_at, id) WHERE state = 'open';
DROP INDEX intervention_case_owner;
CREATE INDEX intervention_case_owner ON intervention_case (owner, due_at, id, snoozed_until) WHERE state = 'open';
DROP INDEX intervention_case_due;
CREATE INDEX intervention_case_due ON intervention_case (due_at, id, owner, snoozed_until) WHERE state = 'open';
-- How cases of a kind were resolved before.
CREATE INDEX intervention_case_resolved ON intervention_case (kind, id) WHERE state = 'resolved';
