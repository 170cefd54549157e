-- SPDX-License-Identifier: GPL-3.0-or-later
-- People, what they may do, and what they have the worker do.

CREATE TABLE person (
  id @KEY@, login text NOT NULL UNIQUE, name text NOT NULL,
  role text NOT NULL CHECK (role IN ('support', 'supervisor', 'finance', 'administrator', 'auditor')),
  password_hash text NOT NULL, failed_logins @INT@ NOT NULL, locked_until @INT@, disabled_at @INT@, created_at @INT@ NOT NULL
)@STRICT@;

CREATE TABLE command_permission (
  kind text NOT NULL, role text NOT NULL, may_request @INT@ NOT NULL, may_approve @INT@ NOT NULL, PRIMARY KEY (kind, role)
)@STRICT@;

-- From which amount on, in minor units, a kind needs one approval and two; NULL: never. A currency of '' stands for those that aren't named.
CREATE TABLE command_policy (
  kind text NOT NULL, currency text NOT NULL, one_from @INT@, two_from @INT@, PRIMARY KEY (kind, currency)
)@STRICT@;

CREATE TABLE operator_command (
  id @KEY@, kind text NOT NULL, order_id @INT@, subject_id @INT@ NOT NULL, case_id @INT@, currency text NOT NULL, amount @INT@ NOT NULL,
  arguments text NOT NULL, reason text NOT NULL, requested_by text NOT NULL CHECK (requested_by <> ''), requested_role text NOT NULL,
  requested_at @INT@ NOT NULL,
  status text NOT NULL CHECK (status IN ('requested', 'previewed', 'refused', 'awaiting_approval', 'queued', 'done', 'failed', 'stale', 'rejected', 'withdrawn')),
  preview text NOT NULL, preview_sha256 text NOT NULL, basis_sha256 text NOT NULL, previewed_at @INT@, approvals_needed @INT@ NOT NULL,
  filed_at @INT@, subject_key text NOT NULL, decided_by text NOT NULL CHECK (decided_by <> requested_by), decided_at @INT@,
  decision_note text NOT NULL, finished_at @INT@, result text NOT NULL, row_version @INT@ NOT NULL
)@STRICT@;
CREATE UNIQUE INDEX operator_command_filed ON operator_command (subject_key) WHERE subject_key <> '';
CREATE INDEX operator_command_due ON operator_command (id) WHERE status IN ('requested', 'queued');
CREATE INDEX operator_command_waiting ON operator_command (filed_at, id) WHERE status = 'awaiting_approval';
CREATE INDEX operator_command_maker ON operator_command (requested_by, id);
CREATE INDEX operator_command_order ON operator_command (order_id);

CREATE TABLE command_approval (
  command_id @INT@ NOT NULL, level @INT@ NOT NULL, approver text NOT NULL, preview_sha256 text NOT NULL, at @INT@ NOT NULL,
  PRIMARY KEY (command_id, level), UNIQUE (command_id, approver)
)@STRICT@;

INSERT INTO command_permission (kind, role, may_request, may_approve) VALUES
  ('retry_job', 'support', 1, 0), ('retry_job', 'supervisor', 1, 1), ('retry_job', 'administrator', 1, 1),
  ('ask_gateway', 'support', 1, 0), ('ask_gateway', 'supervisor', 1, 1), ('ask_gateway', 'finance', 1, 0),
  ('reapply_callback', 'support', 1, 0), ('reapply_callback', 'supervisor', 1, 1),
  ('confirm_with_evidence', 'support', 1, 0), ('confirm_with_evidence', 'supervisor', 1, 1), ('confirm_with_evidence', 'finance', 0, 1),
  ('cancel_and_release', 'support', 1, 0), ('cancel_and_release', 'supervisor', 1, 1),
  ('refund', 'support', 1, 0), ('refund', 'supervisor', 1, 1), ('refund', 'finance', 1, 1),
  ('freeze', 'supervisor', 1, 1), ('freeze', 'finance', 1, 1),
  ('unfreeze', 'supervisor', 1, 1), ('unfreeze', 'finance', 1, 1),
  ('adjust', 'supervisor', 0, 1), ('adjust', 'finance', 1, 1),
  ('extend_deadline', 'support', 1, 0), ('extend_deadline', 'supervisor', 1, 1),
  ('release_settlement', 'supervisor', 0, 1), ('release_settlement', 'finance', 1, 1);

INSERT INTO command_policy (kind, currency, one_from, two_from) VALUES
  ('retry_job', '', NULL, NULL), ('ask_gateway', '', NULL, NULL), ('reapply_callback', '', NULL, NULL), ('extend_deadline', '', NULL, NULL),
  ('confirm_with_evidence', '', 0, 1000000), ('cancel_and_release', '', 50000, NULL), ('refund', '', 10000, 1000000), ('freeze', '', NULL, NULL),
  ('unfreeze', '', 0, NULL), ('adjust', '', 0, 100000), ('release_settlement', '', 0, 1000000),
  ('refund', 'JPY', 15000, 1500000), ('cancel_and_release', 'JPY', 75000, NULL);

-- A case: who works on it, until when it rests, when it should be done, what it is about in money, and how it ended.
ALTER TABLE intervention_case ADD COLUMN owner text NOT NULL DEFAULT '';
ALTER TABLE intervention_case ADD COLUMN claimed_at @INT@;
ALTER TABLE intervention_case ADD COLUMN snoozed_until @INT@;
ALTER TABLE intervention_case ADD COLUMN due_at @INT@ NOT NULL DEFAULT 0;
ALTER TABLE intervention_case ADD COLUMN currency text NOT NULL DEFAULT 'USD';
ALTER TABLE intervention_case ADD COLUMN amount @INT@ NOT NULL DEFAULT 0;
ALTER TABLE intervention_case ADD COLUMN resolved_by text NOT NULL DEFAULT '';
ALTER TABLE intervention_case ADD COLUMN resolution text NOT NULL DEFAULT '';
ALTER TABLE intervention_case ADD COLUMN row_version @INT@ NOT NULL DEFAULT 1;
UPDATE intervention_case SET due_at = opened_at + CASE severity WHEN 'critical' THEN 3600000000 WHEN 'warning' THEN 14400000000 ELSE 86400000000 END;
CREATE INDEX intervention_case_due ON intervention_case (due_at, id) WHERE state = 'open';
CREATE INDEX intervention_case_owner ON intervention_case (owner, due_at, id) WHERE state = 'open';

-- What people did with a case and said about it.
CREATE TABLE case_note (
  id @KEY@, case_id @INT@ NOT NULL, at @INT@ NOT NULL, author text NOT NULL, kind text NOT NULL, text text NOT NULL
)@STRICT@;
CREATE INDEX case_note_case ON case_note (case_id, id);
