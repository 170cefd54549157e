// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/invariant_queries.h"

namespace counterfoil {

namespace {

// Hot tables have no foreign keys (resources/migrations): this is their proof.
constexpr InvariantQuery queries[] = {
    {"ledger_references", "Postings, holds and their steps belong to entries, accounts and holds that exist.",
     "SELECT 'ent', entry_id, 'posting ' || line || ': no such entry' FROM posting p WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = p.entry_id) "
     "UNION ALL SELECT 'ent', entry_id, 'posting ' || line || ': no such account' FROM posting p WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.id = p.account_id) "
     "UNION ALL SELECT 'ent', id, 'no such transaction' FROM ledger_entry e WHERE transaction_id IS NOT NULL "
     "AND NOT EXISTS (SELECT 1 FROM payment_transaction t WHERE t.id = e.transaction_id) "
     "UNION ALL SELECT 'hold', id, 'no such account' FROM hold h WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.id = h.account_id) "
     "UNION ALL SELECT 'hmv', id, 'no such hold' FROM hold_movement m WHERE NOT EXISTS (SELECT 1 FROM hold h WHERE h.id = m.hold_id) "
     "UNION ALL SELECT 'hmv', id, 'no such entry' FROM hold_movement m WHERE entry_id IS NOT NULL "
     "AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = m.entry_id) "
     "UNION ALL SELECT 'acc', id, 'no such customer' FROM account a WHERE owner_kind = 'customer' AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = a.owner_id) "
     "UNION ALL SELECT 'acc', id, 'no such merchant' FROM account a WHERE owner_kind = 'merchant' AND NOT EXISTS (SELECT 1 FROM merchant c WHERE c.id = a.owner_id) "
     "ORDER BY 2, 3"},

    {"order_references", "Everything of an order belongs to an order that exists.",
     "SELECT 'ord', id, 'no such customer' FROM orders o WHERE NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = o.customer_id) "
     "UNION ALL SELECT 'ord', id, 'no such workflow revision' FROM orders o "
     "WHERE NOT EXISTS (SELECT 1 FROM workflow_revision w WHERE w.workflow = o.workflow AND w.revision = o.revision) "
     "UNION ALL SELECT 'sub', id, 'no such order' FROM sub_order s WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = s.order_id) "
     "UNION ALL SELECT 'item', id, 'no such sub-order of its order' FROM order_item i "
     "WHERE NOT EXISTS (SELECT 1 FROM sub_order s WHERE s.id = i.sub_order_id AND s.order_id = i.order_id) "
     "UNION ALL SELECT 'oev', id, 'no such order' FROM order_event e WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = e.order_id) "
     "UNION ALL SELECT 'txn', id, 'no such order' FROM payment_transaction t WHERE order_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = t.order_id) "
     "UNION ALL SELECT 'txn', transaction_id, 'detail ' || line || ': no such transaction' FROM transaction_detail d "
     "WHERE NOT EXISTS (SELECT 1 FROM payment_transaction t WHERE t.id = d.transaction_id) "
     "UNION ALL SELECT 'rsv', id, 'no such stock' FROM stock_reservation r WHERE NOT EXISTS (SELECT 1 FROM stock s WHERE s.id = r.stock_id) "
     "UNION ALL SELECT 'rsv', id, 'no such item' FROM stock_reservation r WHERE NOT EXISTS (SELECT 1 FROM order_item i WHERE i.id = r.item_id) "
     "UNION ALL SELECT 'grant', id, 'no such coupon' FROM coupon_grant g WHERE NOT EXISTS (SELECT 1 FROM coupon c WHERE c.id = g.coupon_id) "
     "ORDER BY 2, 3"},

    {"process_references", "Exchanges, payloads, branches and fences belong to something that exists.",
     "SELECT 'exch', id, 'no such transaction' FROM gateway_exchange x WHERE NOT EXISTS (SELECT 1 FROM payment_transaction t WHERE t.id = x.transaction_id) "
     "UNION ALL SELECT 'exch', exchange_id, 'payload ' || attempt || ': no such exchange' FROM gateway_payload p "
     "WHERE NOT EXISTS (SELECT 1 FROM gateway_exchange x WHERE x.id = p.exchange_id) "
     "UNION ALL SELECT 'cb', callback_id, 'a body without its callback' FROM gateway_callback_body b "
     "WHERE NOT EXISTS (SELECT 1 FROM gateway_callback c WHERE c.id = b.callback_id) "
     "UNION ALL SELECT 'tcc', gid, 'branch ' || n || ' without its transaction' FROM tcc_branch b "
     "WHERE NOT EXISTS (SELECT 1 FROM tcc_transaction t WHERE t.gid = b.gid) "
     "UNION ALL SELECT 'tcc', gid, 'fence ' || n || ' without its branch' FROM tcc_fence f "
     "WHERE NOT EXISTS (SELECT 1 FROM tcc_branch b WHERE b.gid = f.gid AND b.n = f.n) "
     "UNION ALL SELECT 'tcc', gid, 'no such payment' FROM tcc_transaction t WHERE transaction_id IS NOT NULL "
     "AND NOT EXISTS (SELECT 1 FROM payment_transaction p WHERE p.id = t.transaction_id) ORDER BY 2, 3"},
};

} // namespace

std::span<const InvariantQuery> referenceInvariants()
{
    return queries;
}

} // namespace counterfoil
