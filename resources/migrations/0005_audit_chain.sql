-- SPDX-License-Identifier: GPL-3.0-or-later
-- The chain over the audit trail: a seal for each row of audit_event, made behind its commit (models/store/audit_chain.h).
CREATE TABLE audit_seal (
  position @KEY@ CHECK (position > 0), event_id @INT@ NOT NULL UNIQUE, row_sha256 text NOT NULL, chain_sha256 text NOT NULL, sealed_at @INT@ NOT NULL
)@STRICT@;
