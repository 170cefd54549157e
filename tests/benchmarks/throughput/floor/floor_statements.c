// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/throughput/floor/floor_statements.h"

// What is the same for every payment stands in the text: the least that can be said. SQLite reads $1 as a named parameter and numbers
// them as they come, so both databases take the same texts as long as they come in order.
const struct floor_statement floor_statements[floor_statement_count] = {
    [add_order] = {"INSERT INTO orders (id, order_no, customer_id, buyer_name, currency, channel, goods, discount, shipping, payable, paid, refunded, wallet_part, gateway_part, funding, "
                   "split_strategy, workflow, revision, state, state_since, state_version, cancel_reason, content_sha256, placed_at, created_at, updated_at, row_version) "
                   "VALUES ($1, $2, $3, $4, 'USD', 'web', $5, 0, $6, $7, 0, 0, $8, $9, 'both', 'merchant', 'order', 1, 'awaiting_payment', $10, 2, '', $11, $12, $13, $14, 2)",
                   "ititiiiiiitiii"},
    [add_sub_order] = {"INSERT INTO sub_order (id, order_id, line, merchant_id, warehouse_id, fulfilment, currency, goods, merchant_discount, platform_discount, shipping, gross, commission, "
                       "carrier, tracking_no, shipped_at) VALUES ($1, $2, $3, $4, $5, 'physical', 'USD', $6, 0, 0, $7, $8, $9, '', '', NULL)",
                       "iiiiiiiii"},
    [add_item] = {"INSERT INTO order_item (id, order_id, sub_order_id, line, sku_id, sku_code, product_name, specification, seller_id, warehouse_id, quantity, currency, unit_price, amount, "
                  "merchant_discount, platform_discount, shipping, rounding_micros) VALUES ($1, $2, $3, $4, $5, $6, 'A thing', 'plain', $7, $8, 1, 'USD', $9, $10, 0, 0, $11, 0)",
                  "iiiiitiiiii"},
    [add_transaction] = {"INSERT INTO payment_transaction (id, kind, order_id, account_id, currency, amount, wallet_part, gateway_part, status, gateway_ref, payment_method, card_brand, "
                         "card_last4, decline_code, created_at, finished_at, row_version) "
                         "VALUES ($1, 'payment', $2, $3, 'USD', $4, $5, $6, 'processing', '', 'pm_card_visa', '', '', '', $7, NULL, 1)",
                         "iiiiiii"},
    [add_detail] = {"INSERT INTO transaction_detail (transaction_id, line, sub_order_id, merchant_id, currency, gross, discount_borne, commission, net, refunded) "
                    "VALUES ($1, $2, $3, $4, 'USD', $5, 0, $6, $7, 0)",
                    "iiiiiii"},
    [add_tcc] = {"INSERT INTO tcc_transaction (gid, business_key, order_id, transaction_id, request_sha256, decision, try_deadline, created_at, decided_at, decided_by, cancel_reason, epoch) "
                 "VALUES ($1, $2, $3, $4, $5, 'trying', $6, $7, NULL, '', '', 0)",
                 "itiitii"},
    [add_branch] = {"INSERT INTO tcc_branch (gid, n, participant, args, args_sha256, phase, attempt, last_error, done_at) VALUES ($1, $2, $3, $4, $5, 'tried', 1, '', NULL)", "iittt"},
    [add_fence] = {"INSERT INTO tcc_fence (gid, n, state, args_sha256, try_deadline) VALUES ($1, $2, 'tried', $3, $4)", "iiti"},
    [add_reservation] = {"INSERT INTO stock_reservation (id, stock_id, order_id, item_id, quantity, state) VALUES ($1, $2, $3, $4, 1, 'open')", "iiii"},
    [add_hold] = {"INSERT INTO hold (id, account_id, currency, amount, remaining, reason, order_id, sub_order_id, state, created_at, expires_at, release_at) "
                  "VALUES ($1, $2, 'USD', $3, $4, $5, $6, NULLIF($7, 0), 'open', $8, NULL, NULLIF($9, 0))",
                  "iiiitiiii"},
    [add_entry] = {"INSERT INTO ledger_entry (id, idempotency_key, kind, order_id, transaction_id, corrects_id, created_at) VALUES ($1, $2, $3, $4, $5, NULL, $6)", "ittiii"},
    [add_posting] = {"INSERT INTO posting (entry_id, line, account_id, bucket, currency, amount, balance_after) VALUES ($1, $2, $3, $4, 'USD', $5, $6)", "iiitii"},
    [add_exchange] = {"INSERT INTO gateway_exchange (id, order_id, transaction_id, operation, idempotency_key, state, attempt, http_status, currency, amount, gateway_ref, error_code, "
                      "created_at, sent_at, answered_at) VALUES ($1, $2, $3, $4, $5, 'queued', 0, 0, 'USD', $6, $7, '', $8, NULL, NULL)",
                      "iiittiti"},
    [add_event] = {"INSERT INTO order_event (id, order_id, event_key, event, from_state, to_state, outcome, actor, cause, at) VALUES ($1, $2, $3, $4, $5, $6, 'applied', 'worker', '', $7)",
                   "iitttti"},
    [add_job] = {"INSERT INTO job (id, kind, order_id, subject_id, dedupe_key, payload, due_at, attempt, state, lease_owner, lease_until, epoch, last_error_class, last_error, "
                 "first_failed_at, created_at) VALUES ($1, $2, NULLIF($3, 0), $4, $5, $6, $7, 0, 'ready', '', NULL, 0, '', '', NULL, $8)",
                 "itiittii"},
    [add_audit] = {"INSERT INTO audit_event (id, at, actor, action, subject, before_text, after_text, reason) VALUES ($1, $2, 'worker', $3, $4, $5, $6, $7)", "iittttt"},
    [change_stock] = {"UPDATE stock SET on_hand = on_hand + $1, frozen = frozen + $2, version = version + $3 WHERE id = $4", "iiii"},
    [change_account] = {"UPDATE account SET available = available + $1, frozen = frozen + $2, billed = billed + $3, version = version + $4 WHERE id = $5", "iiiii"},

    [claim_job] = {"UPDATE job SET state = 'leased', lease_owner = $1, lease_until = $2, epoch = 1 WHERE id = $3", "tii"},
    [send_job] = {"UPDATE job SET state = 'leased', attempt = 1, lease_owner = $1, lease_until = $2, epoch = 1 WHERE id = $3", "tii"},
    [finish_job] = {"UPDATE job SET state = 'done', attempt = 0, lease_owner = '', lease_until = NULL, epoch = 1 WHERE id = $1", "i"},
    [cancel_job] = {"UPDATE job SET state = 'cancelled' WHERE id = $1", "i"},
    [send_exchange] = {"UPDATE gateway_exchange SET state = 'sending', attempt = 1, gateway_ref = $1, sent_at = $2 WHERE id = $3", "tii"},
    [answer_exchange] = {"UPDATE gateway_exchange SET state = 'answered', http_status = 200, gateway_ref = $1, answered_at = $2 WHERE id = $3", "tii"},
    [add_payload] = {"INSERT INTO gateway_payload (exchange_id, attempt, request, answer, http_status, outcome, sent_at, elapsed_micros) VALUES ($1, 1, $2, $3, 200, 'succeeded', $4, 1)",
                     "itti"},
    [start_transaction] = {"UPDATE payment_transaction SET gateway_ref = $1, row_version = 2 WHERE id = $2", "ti"},
    [move_order] = {"UPDATE orders SET state = 'paying', state_since = $1, state_version = 3, updated_at = $2, row_version = 3 WHERE id = $3", "iii"},

    [succeed_transaction] = {"UPDATE payment_transaction SET status = 'succeeded', card_brand = 'visa', card_last4 = '4242', finished_at = $1, row_version = 3 WHERE id = $2", "ii"},
    [pay_order] = {"UPDATE orders SET paid = $1, state = 'fulfilling', state_since = $2, state_version = 5, updated_at = $3, row_version = 5 WHERE id = $4", "iiii"},
    [confirm_tcc] = {"UPDATE tcc_transaction SET decision = 'confirmed', decided_at = $1, decided_by = 'worker', epoch = 2 WHERE gid = $2", "ii"},
    [confirm_branch] = {"UPDATE tcc_branch SET phase = 'confirmed', attempt = 2, done_at = $1 WHERE gid = $2 AND n = $3", "iii"},
    [confirm_fence] = {"UPDATE tcc_fence SET state = 'confirmed' WHERE gid = $1 AND n = $2", "ii"},
    [deduct_reservation] = {"UPDATE stock_reservation SET state = 'deducted' WHERE id = $1", "i"},
    [capture_hold] = {"UPDATE hold SET remaining = 0, state = 'captured' WHERE id = $1", "i"},
    [add_movement] = {"INSERT INTO hold_movement (id, hold_id, movement_key, kind, currency, amount, entry_id, at) VALUES ($1, $2, $3, 'capture', 'USD', $4, $5, $6)", "iitiii"},

    [add_callback] = {"INSERT INTO gateway_callback (id, gateway, event_id, type, object_ref, order_id, state, note, received_at, applied_at) "
                      "VALUES ($1, 'stripe', $2, 'payment_intent.succeeded', $3, NULL, 'stored', '', $4, NULL)",
                      "itti"},
    [add_callback_body] = {"INSERT INTO gateway_callback_body (callback_id, body) VALUES ($1, $2)", "it"},
    [apply_callback] = {"UPDATE gateway_callback SET order_id = $1, state = 'applied', note = 'known already', applied_at = $2 WHERE id = $3", "iii"},
};
