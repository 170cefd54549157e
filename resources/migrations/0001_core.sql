-- SPDX-License-Identifier: GPL-3.0-or-later
-- The core: parties, ledger, orders, stock, coupons, gateway, TCC, jobs, audit.
-- Amounts are whole minor units. Times are microseconds since 1970 UTC. Enums are stored by name.
-- Foreign keys guard what people may edit; on append-only hot rows `verify` proves what a constraint would.

CREATE TABLE customer (
  id @KEY@, external_ref text NOT NULL UNIQUE, name text NOT NULL, email text NOT NULL, segment text NOT NULL,
  created_at @INT@ NOT NULL
)@STRICT@;
CREATE INDEX customer_name ON customer (name);

CREATE TABLE merchant (
  id @KEY@, external_ref text NOT NULL UNIQUE, name text NOT NULL,
  commission_bp @INT@ NOT NULL CHECK (commission_bp BETWEEN 0 AND 10000), created_at @INT@ NOT NULL
)@STRICT@;

CREATE TABLE warehouse (id @KEY@, code text NOT NULL UNIQUE, name text NOT NULL)@STRICT@;

CREATE TABLE product (
  id @KEY@, external_ref text NOT NULL UNIQUE, name text NOT NULL, category text NOT NULL,
  merchant_id @INT@ NOT NULL REFERENCES merchant (id)
)@STRICT@;

CREATE TABLE sku (
  id @KEY@, product_id @INT@ NOT NULL REFERENCES product (id), code text NOT NULL UNIQUE, specification text NOT NULL,
  fulfilment text NOT NULL CHECK (fulfilment IN ('physical', 'digital'))
)@STRICT@;

CREATE TABLE price_tier (
  id @KEY@, sku_id @INT@ NOT NULL REFERENCES sku (id), min_quantity @INT@ NOT NULL CHECK (min_quantity >= 1),
  currency text NOT NULL, unit_price @INT@ NOT NULL CHECK (unit_price >= 0), valid_from @INT@, valid_to @INT@, channel text NOT NULL
)@STRICT@;
CREATE INDEX price_tier_sku ON price_tier (sku_id);

CREATE TABLE stock (
  id @KEY@, sku_id @INT@ NOT NULL REFERENCES sku (id), warehouse_id @INT@ NOT NULL REFERENCES warehouse (id),
  on_hand @INT@ NOT NULL, frozen @INT@ NOT NULL CHECK (frozen >= 0), version @INT@ NOT NULL,
  CHECK (frozen <= on_hand), UNIQUE (sku_id, warehouse_id)
)@STRICT@;

CREATE TABLE stock_reservation (
  id @KEY@, stock_id @INT@ NOT NULL, order_id @INT@ NOT NULL, item_id @INT@ NOT NULL, quantity @INT@ NOT NULL CHECK (quantity > 0),
  state text NOT NULL CHECK (state IN ('open', 'deducted', 'returned'))
)@STRICT@;
CREATE INDEX stock_reservation_order ON stock_reservation (order_id);

CREATE TABLE coupon (
  id @KEY@, code text NOT NULL, code_folded text NOT NULL UNIQUE, kind text NOT NULL CHECK (kind IN ('fixed', 'threshold')),
  currency text NOT NULL, value @INT@ NOT NULL CHECK (value > 0), threshold @INT@ NOT NULL, merchant_id @INT@,
  funded_by text NOT NULL CHECK (funded_by IN ('platform', 'merchant')), stackable @INT@ NOT NULL, valid_from @INT@, valid_to @INT@,
  total_limit @INT@ NOT NULL, per_customer_limit @INT@ NOT NULL, used @INT@ NOT NULL CHECK (used >= 0), version @INT@ NOT NULL,
  CHECK (total_limit = 0 OR used <= total_limit)
)@STRICT@;

CREATE TABLE coupon_grant (
  id @KEY@, coupon_id @INT@ NOT NULL, customer_id @INT@ NOT NULL, order_id @INT@, state text NOT NULL, currency text NOT NULL,
  discount @INT@ NOT NULL, created_at @INT@ NOT NULL
)@STRICT@;
CREATE INDEX coupon_grant_order ON coupon_grant (order_id);
CREATE INDEX coupon_grant_customer ON coupon_grant (coupon_id, customer_id);

CREATE TABLE account (
  id @KEY@, owner_kind text NOT NULL, owner_id @INT@ NOT NULL, kind text NOT NULL, currency text NOT NULL,
  available @INT@ NOT NULL, frozen @INT@ NOT NULL, billed @INT@ NOT NULL, version @INT@ NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'closed')),
  UNIQUE (owner_kind, owner_id, kind, currency),
  CHECK (owner_kind = 'system' OR (available >= 0 AND frozen >= 0))
)@STRICT@;

CREATE TABLE ledger_entry (
  id @KEY@, idempotency_key text NOT NULL UNIQUE, kind text NOT NULL, order_id @INT@, transaction_id @INT@, corrects_id @INT@,
  created_at @INT@ NOT NULL
)@STRICT@;
CREATE INDEX ledger_entry_order ON ledger_entry (order_id);

CREATE TABLE posting (
  entry_id @INT@ NOT NULL, line @INT@ NOT NULL, account_id @INT@ NOT NULL,
  bucket text NOT NULL CHECK (bucket IN ('available', 'frozen')), currency text NOT NULL,
  amount @INT@ NOT NULL CHECK (amount <> 0), balance_after @INT@ NOT NULL, PRIMARY KEY (entry_id, line)
)@STRICT@;
CREATE INDEX posting_account ON posting (account_id, entry_id);

CREATE TABLE hold (
  id @KEY@, account_id @INT@ NOT NULL, currency text NOT NULL, amount @INT@ NOT NULL CHECK (amount > 0),
  remaining @INT@ NOT NULL CHECK (remaining >= 0), reason text NOT NULL, order_id @INT@, sub_order_id @INT@,
  state text NOT NULL CHECK (state IN ('open', 'captured', 'released')), created_at @INT@ NOT NULL, expires_at @INT@, release_at @INT@,
  CHECK (remaining <= amount), CHECK ((state = 'open') = (remaining > 0))
)@STRICT@;
CREATE INDEX hold_order ON hold (order_id);
CREATE INDEX hold_account_open ON hold (account_id, id) WHERE state = 'open';

CREATE TABLE hold_movement (
  id @KEY@, hold_id @INT@ NOT NULL, movement_key text NOT NULL UNIQUE, kind text NOT NULL CHECK (kind IN ('capture', 'release')),
  currency text NOT NULL, amount @INT@ NOT NULL CHECK (amount > 0), entry_id @INT@, at @INT@ NOT NULL
)@STRICT@;
CREATE INDEX hold_movement_hold ON hold_movement (hold_id);

CREATE TABLE orders (
  id @KEY@, order_no text NOT NULL UNIQUE, customer_id @INT@ NOT NULL, buyer_name text NOT NULL, currency text NOT NULL, channel text NOT NULL,
  goods @INT@ NOT NULL, discount @INT@ NOT NULL, shipping @INT@ NOT NULL, payable @INT@ NOT NULL, paid @INT@ NOT NULL, refunded @INT@ NOT NULL,
  wallet_part @INT@ NOT NULL, gateway_part @INT@ NOT NULL, funding text NOT NULL, split_strategy text NOT NULL,
  workflow text NOT NULL, revision @INT@ NOT NULL, state text NOT NULL, state_since @INT@ NOT NULL, state_version @INT@ NOT NULL, cancel_reason text NOT NULL,
  content_sha256 text NOT NULL, placed_at @INT@ NOT NULL, created_at @INT@ NOT NULL, updated_at @INT@ NOT NULL, row_version @INT@ NOT NULL,
  CHECK (goods - discount + shipping = payable), CHECK (wallet_part + gateway_part = payable), CHECK (refunded <= paid)
)@STRICT@;
CREATE INDEX orders_state ON orders (state, id);
CREATE INDEX orders_customer ON orders (customer_id, id);
CREATE INDEX orders_placed ON orders (placed_at, id);
CREATE INDEX orders_updated ON orders (updated_at);

CREATE TABLE sub_order (
  id @KEY@, order_id @INT@ NOT NULL, line @INT@ NOT NULL, merchant_id @INT@, warehouse_id @INT@, fulfilment text NOT NULL, currency text NOT NULL,
  goods @INT@ NOT NULL, merchant_discount @INT@ NOT NULL, platform_discount @INT@ NOT NULL, shipping @INT@ NOT NULL, gross @INT@ NOT NULL,
  commission @INT@ NOT NULL, carrier text NOT NULL, tracking_no text NOT NULL, shipped_at @INT@,
  CHECK (goods - merchant_discount + shipping = gross), CHECK (commission BETWEEN 0 AND gross)
)@STRICT@;
CREATE INDEX sub_order_order ON sub_order (order_id);

CREATE TABLE order_item (
  id @KEY@, order_id @INT@ NOT NULL, sub_order_id @INT@ NOT NULL, line @INT@ NOT NULL, sku_id @INT@ NOT NULL, sku_code text NOT NULL,
  product_name text NOT NULL, specification text NOT NULL, seller_id @INT@ NOT NULL, warehouse_id @INT@ NOT NULL, quantity @INT@ NOT NULL CHECK (quantity > 0),
  currency text NOT NULL, unit_price @INT@ NOT NULL, amount @INT@ NOT NULL, merchant_discount @INT@ NOT NULL,
  platform_discount @INT@ NOT NULL, shipping @INT@ NOT NULL, rounding_micros @INT@ NOT NULL
)@STRICT@;
CREATE INDEX order_item_order ON order_item (order_id);

CREATE TABLE order_event (
  id @KEY@, order_id @INT@ NOT NULL, event_key text NOT NULL, event text NOT NULL, from_state text NOT NULL, to_state text NOT NULL,
  outcome text NOT NULL, actor text NOT NULL, cause text NOT NULL, at @INT@ NOT NULL, UNIQUE (order_id, event_key)
)@STRICT@;

CREATE TABLE payment_transaction (
  id @KEY@, kind text NOT NULL, order_id @INT@, account_id @INT@, currency text NOT NULL, amount @INT@ NOT NULL, wallet_part @INT@ NOT NULL,
  gateway_part @INT@ NOT NULL, status text NOT NULL, gateway_ref text NOT NULL, payment_method text NOT NULL, card_brand text NOT NULL,
  card_last4 text NOT NULL, decline_code text NOT NULL, created_at @INT@ NOT NULL, finished_at @INT@, row_version @INT@ NOT NULL,
  CHECK (wallet_part + gateway_part = amount)
)@STRICT@;
CREATE INDEX payment_transaction_order ON payment_transaction (order_id);
CREATE INDEX payment_transaction_account ON payment_transaction (account_id, id);
CREATE UNIQUE INDEX payment_transaction_gateway_ref ON payment_transaction (gateway_ref) WHERE gateway_ref <> '';

CREATE TABLE transaction_detail (
  transaction_id @INT@ NOT NULL, line @INT@ NOT NULL, sub_order_id @INT@ NOT NULL, merchant_id @INT@ NOT NULL, currency text NOT NULL,
  gross @INT@ NOT NULL, discount_borne @INT@ NOT NULL, commission @INT@ NOT NULL, net @INT@ NOT NULL, refunded @INT@ NOT NULL,
  PRIMARY KEY (transaction_id, line), CHECK (gross - commission = net), CHECK (refunded <= gross)
)@STRICT@;

CREATE TABLE gateway_exchange (
  id @KEY@, order_id @INT@, transaction_id @INT@ NOT NULL, operation text NOT NULL, idempotency_key text NOT NULL UNIQUE, state text NOT NULL,
  attempt @INT@ NOT NULL, http_status @INT@ NOT NULL, currency text NOT NULL, amount @INT@ NOT NULL, gateway_ref text NOT NULL,
  error_code text NOT NULL, created_at @INT@ NOT NULL, sent_at @INT@, answered_at @INT@
)@STRICT@;
CREATE INDEX gateway_exchange_transaction ON gateway_exchange (transaction_id);

CREATE TABLE gateway_payload (
  exchange_id @INT@ NOT NULL, attempt @INT@ NOT NULL, request text NOT NULL, answer text NOT NULL, http_status @INT@ NOT NULL,
  outcome text NOT NULL, sent_at @INT@, elapsed_micros @INT@ NOT NULL, PRIMARY KEY (exchange_id, attempt)
)@STRICT@;

CREATE TABLE gateway_callback (
  id @KEY@, gateway text NOT NULL, event_id text NOT NULL, type text NOT NULL, object_ref text NOT NULL, order_id @INT@,
  state text NOT NULL, note text NOT NULL, received_at @INT@ NOT NULL, applied_at @INT@, UNIQUE (gateway, event_id)
)@STRICT@;
CREATE INDEX gateway_callback_object ON gateway_callback (object_ref);

CREATE TABLE gateway_callback_body (callback_id @KEY@, body text NOT NULL)@STRICT@;

-- A callback whose signature was bad leaves only this.
CREATE TABLE callback_refusal (id @KEY@, at @INT@ NOT NULL, reason text NOT NULL, size_bytes @INT@ NOT NULL, peer text NOT NULL)@STRICT@;

CREATE TABLE tcc_transaction (
  gid @KEY@, business_key text NOT NULL UNIQUE, order_id @INT@, transaction_id @INT@, request_sha256 text NOT NULL,
  decision text NOT NULL CHECK (decision IN ('trying', 'confirming', 'confirmed', 'cancelling', 'cancelled')),
  try_deadline @INT@ NOT NULL, created_at @INT@ NOT NULL, decided_at @INT@, decided_by text NOT NULL, cancel_reason text NOT NULL, epoch @INT@ NOT NULL
)@STRICT@;
CREATE INDEX tcc_transaction_order ON tcc_transaction (order_id);

CREATE TABLE tcc_branch (
  gid @INT@ NOT NULL, n @INT@ NOT NULL, participant text NOT NULL, args text NOT NULL, args_sha256 text NOT NULL, phase text NOT NULL,
  attempt @INT@ NOT NULL, last_error text NOT NULL, done_at @INT@, PRIMARY KEY (gid, n)
)@STRICT@;

CREATE TABLE tcc_fence (
  gid @INT@ NOT NULL, n @INT@ NOT NULL, state text NOT NULL CHECK (state IN ('tried', 'confirmed', 'cancelled', 'tombstone')),
  args_sha256 text NOT NULL, try_deadline @INT@ NOT NULL, PRIMARY KEY (gid, n)
)@STRICT@;

CREATE TABLE job (
  id @KEY@, kind text NOT NULL, order_id @INT@, subject_id @INT@ NOT NULL, dedupe_key text NOT NULL, payload text NOT NULL, due_at @INT@ NOT NULL,
  attempt @INT@ NOT NULL, state text NOT NULL CHECK (state IN ('ready', 'leased', 'parked', 'done', 'cancelled')), lease_owner text NOT NULL,
  lease_until @INT@, epoch @INT@ NOT NULL, last_error_class text NOT NULL, last_error text NOT NULL, first_failed_at @INT@, created_at @INT@ NOT NULL
)@STRICT@;
CREATE INDEX job_due ON job (due_at, id) WHERE state = 'ready';
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'leased';
CREATE UNIQUE INDEX job_dedupe ON job (dedupe_key) WHERE state IN ('ready', 'leased', 'parked');
CREATE INDEX job_order ON job (order_id);

CREATE TABLE intervention_case (
  id @KEY@, kind text NOT NULL, severity text NOT NULL, order_id @INT@, dedupe_key text NOT NULL, detail text NOT NULL,
  state text NOT NULL, opened_at @INT@ NOT NULL, resolved_at @INT@
)@STRICT@;
CREATE UNIQUE INDEX intervention_case_open ON intervention_case (dedupe_key) WHERE state = 'open';
CREATE INDEX intervention_case_order ON intervention_case (order_id);

CREATE TABLE audit_event (
  id @KEY@, at @INT@ NOT NULL, actor text NOT NULL, action text NOT NULL, subject text NOT NULL, before_text text NOT NULL, after_text text NOT NULL,
  reason text NOT NULL
)@STRICT@;

-- Answers to calls with an Idempotency-Key, stored in the transaction of their effect.
CREATE TABLE idempotency_record (
  scope text NOT NULL, idempotency_key text NOT NULL, request_sha256 text NOT NULL, http_status @INT@ NOT NULL, answer text NOT NULL,
  created_at @INT@ NOT NULL, PRIMARY KEY (scope, idempotency_key)
)@STRICT@;

CREATE TABLE api_token (
  id @KEY@, token_sha256 text NOT NULL UNIQUE, label text NOT NULL, scope text NOT NULL, created_at @INT@ NOT NULL, revoked_at @INT@
)@STRICT@;

CREATE TABLE import_run (
  id @KEY@, file_sha256 text NOT NULL UNIQUE, file_name text NOT NULL, byte_offset @INT@ NOT NULL, rows_read @INT@ NOT NULL, placed @INT@ NOT NULL,
  existed @INT@ NOT NULL, refused @INT@ NOT NULL, started_at @INT@ NOT NULL, updated_at @INT@ NOT NULL
)@STRICT@;

CREATE TABLE workflow_revision (
  workflow text NOT NULL, revision @INT@ NOT NULL, status text NOT NULL CHECK (status IN ('draft', 'proposed', 'published', 'retired')),
  scxml text NOT NULL, sha256 text NOT NULL, made_by text NOT NULL, created_at @INT@ NOT NULL, PRIMARY KEY (workflow, revision)
)@STRICT@;

CREATE TABLE worker_heartbeat (
  worker text NOT NULL PRIMARY KEY, node @INT@ NOT NULL, started_at @INT@ NOT NULL, beat_at @INT@ NOT NULL, callback_url text NOT NULL
)@STRICT@;

-- What this database is: 'environment' (sandbox or live) and the like.
CREATE TABLE setting (name text NOT NULL PRIMARY KEY, value text NOT NULL)@STRICT@;
