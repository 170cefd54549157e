// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/invariant_queries.h"

namespace counterfoil {

namespace {

// A refund counts until it is known to have failed. Sums are joined to their owners, see order_invariants.cpp.
constexpr InvariantQuery queries[] = {
    {"refund_divides", "A refund's details sum to its amount plus what the platform gets back of its discounts.",
     "SELECT 'txn', t.id, 'amount ' || t.amount || ', its details say ' || coalesce(d.paid, 0) FROM payment_transaction t "
     "LEFT JOIN (SELECT transaction_id, sum(gross - platform_discount) AS paid FROM transaction_detail GROUP BY transaction_id) d ON d.transaction_id = t.id "
     "WHERE t.kind = 'refund' AND coalesce(d.paid, 0) <> t.amount ORDER BY 2"},

    {"refund_within_detail", "Refunds never take more of a payment's detail than it has, and its refunded part is what succeeded.",
     "SELECT 'txn', d.transaction_id, 'line ' || d.line || ': gross ' || d.gross || ', commission ' || d.commission || ', platform discount ' || d.platform_discount "
     "|| ', refunded ' || d.refunded || '; refunds done ' || coalesce(r.done, 0) || ', asked for ' || coalesce(r.asked, 0) || ', ' || coalesce(r.commission, 0) "
     "|| ', ' || coalesce(r.discount, 0) FROM payment_transaction p JOIN transaction_detail d ON d.transaction_id = p.id "
     "LEFT JOIN (SELECT t.order_id, x.line, sum(CASE WHEN t.status = 'succeeded' THEN x.gross ELSE 0 END) AS done, "
     "sum(CASE WHEN t.status IN ('failed', 'cancelled') THEN 0 ELSE x.gross END) AS asked, "
     "sum(CASE WHEN t.status IN ('failed', 'cancelled') THEN 0 ELSE x.commission END) AS commission, "
     "sum(CASE WHEN t.status IN ('failed', 'cancelled') THEN 0 ELSE x.platform_discount END) AS discount "
     "FROM payment_transaction t JOIN transaction_detail x ON x.transaction_id = t.id WHERE t.kind = 'refund' GROUP BY t.order_id, x.line) r "
     "ON r.order_id = p.order_id AND r.line = d.line WHERE p.kind = 'payment' AND (d.refunded <> coalesce(r.done, 0) OR coalesce(r.asked, 0) > d.gross "
     "OR coalesce(r.commission, 0) > d.commission OR coalesce(r.discount, 0) > d.platform_discount) ORDER BY 2, 3"},

    {"refund_within_funds", "Refunds never give back more to the wallet or by the gateway than came from there.",
     "SELECT 'txn', p.id, 'wallet part ' || p.wallet_part || ', gateway part ' || p.gateway_part || '; refunds ' || r.wallet || ' and ' || r.gateway "
     "FROM payment_transaction p JOIN (SELECT order_id, sum(wallet_part) AS wallet, sum(gateway_part) AS gateway FROM payment_transaction "
     "WHERE kind = 'refund' AND status NOT IN ('failed', 'cancelled') GROUP BY order_id) r ON r.order_id = p.order_id "
     "WHERE p.kind = 'payment' AND (r.wallet > p.wallet_part OR r.gateway > p.gateway_part) ORDER BY 2"},

    {"refund_held", "An open refund holds exactly what its merchants give back; one that ended holds nothing.",
     "SELECT 'txn', t.id, 'it is ' || t.status || ', net ' || coalesce(d.net, 0) || ', held ' || coalesce(h.held, 0) FROM payment_transaction t "
     "LEFT JOIN (SELECT transaction_id, sum(net) AS net FROM transaction_detail GROUP BY transaction_id) d ON d.transaction_id = t.id "
     "LEFT JOIN (SELECT transaction_id, sum(remaining) AS held FROM hold WHERE reason = 'refund' GROUP BY transaction_id) h ON h.transaction_id = t.id "
     "WHERE t.kind = 'refund' AND coalesce(h.held, 0) <> CASE WHEN t.status IN ('succeeded', 'failed', 'cancelled') THEN 0 ELSE coalesce(d.net, 0) END ORDER BY 2"},

    {"refund_hold_owned", "Money held for a refund is held for a refund that exists.",
     "SELECT 'hold', h.id, 'no such refund' FROM hold h WHERE h.reason = 'refund' "
     "AND NOT EXISTS (SELECT 1 FROM payment_transaction t WHERE t.id = h.transaction_id AND t.kind = 'refund' AND t.order_id = h.order_id) ORDER BY 2"},

    {"refund_booked", "A refund that succeeded is booked once, with its parts; another not at all.",
     "SELECT 'txn', t.id, 'it is ' || t.status || ', wallet part ' || t.wallet_part || ', gateway part ' || t.gateway_part || '; entries ' || coalesce(b.number, 0) "
     "|| ' with ' || coalesce(b.wallet, 0) || ' and ' || coalesce(b.gateway, 0) FROM payment_transaction t "
     "LEFT JOIN (SELECT e.transaction_id, count(DISTINCT e.id) AS number, sum(CASE WHEN a.kind = 'wallet' THEN p.amount ELSE 0 END) AS wallet, "
     "sum(CASE WHEN a.kind = 'clearing' THEN p.amount ELSE 0 END) AS gateway FROM ledger_entry e JOIN posting p ON p.entry_id = e.id "
     "JOIN account a ON a.id = p.account_id WHERE e.kind = 'refund' GROUP BY e.transaction_id) b ON b.transaction_id = t.id "
     "WHERE t.kind = 'refund' AND CASE WHEN t.status = 'succeeded' THEN coalesce(b.number, 0) <> 1 OR b.wallet <> t.wallet_part OR b.gateway <> t.gateway_part "
     "ELSE coalesce(b.number, 0) <> 0 END ORDER BY 2"},

    {"refund_follows_tcc", "A refund has succeeded exactly if its TCC transaction was confirmed, and failed exactly if it was cancelled.",
     "SELECT 'txn', t.id, 'it is ' || t.status || ', its TCC transaction ' || coalesce(c.decision, 'is missing') FROM payment_transaction t "
     "LEFT JOIN tcc_transaction c ON c.transaction_id = t.id WHERE t.kind = 'refund' AND coalesce(c.decision, '') <> "
     "CASE WHEN t.status = 'succeeded' THEN 'confirmed' WHEN t.status IN ('failed', 'cancelled') THEN 'cancelled' ELSE 'trying' END ORDER BY 2"},

    {"refund_not_stuck", "An open refund has a job or an open case that moves it on.",
     "SELECT 'txn', t.id, 'it is ' || t.status || ' and nothing will ever move it' FROM payment_transaction t "
     "WHERE t.kind = 'refund' AND t.status NOT IN ('succeeded', 'failed', 'cancelled') "
     "AND NOT EXISTS (SELECT 1 FROM job j WHERE j.order_id = t.order_id AND j.state IN ('ready', 'leased', 'parked') AND j.kind IN ('gateway_send', 'gateway_poll', 'tcc_drive')) "
     "AND NOT EXISTS (SELECT 1 FROM intervention_case c WHERE c.order_id = t.order_id AND c.state <> 'resolved') ORDER BY 2"},

    {"refund_items", "No more pieces of a line are refunded than were bought.",
     "SELECT 'item', i.id, 'bought ' || i.quantity || ', refunded ' || r.quantity FROM order_item i "
     "JOIN (SELECT x.item_id, sum(x.quantity) AS quantity FROM refund_item x JOIN payment_transaction t ON t.id = x.transaction_id "
     "AND t.status NOT IN ('failed', 'cancelled') GROUP BY x.item_id) r ON r.item_id = i.id WHERE r.quantity > i.quantity ORDER BY 2"},

    {"refund_references", "What a refund gives back of a line belongs to a refund and a line that exist.",
     "SELECT 'txn', transaction_id, 'no such refund' FROM refund_item x WHERE NOT EXISTS (SELECT 1 FROM payment_transaction t WHERE t.id = x.transaction_id AND t.kind = 'refund') "
     "UNION ALL SELECT 'item', item_id, 'no such line' FROM refund_item x WHERE NOT EXISTS (SELECT 1 FROM order_item i WHERE i.id = x.item_id) ORDER BY 2, 3"},
};

} // namespace

std::span<const InvariantQuery> refundInvariants()
{
    return queries;
}

} // namespace counterfoil
