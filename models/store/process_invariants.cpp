// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/invariant_queries.h"

namespace counterfoil {

namespace {

constexpr InvariantQuery queries[] = {
    {"tcc_one_outcome", "No TCC transaction has both a confirmed and a cancelled branch.",
     "SELECT 'tcc', gid, 'branches confirmed ' || sum(CASE WHEN phase = 'confirmed' THEN 1 ELSE 0 END) || ', cancelled ' "
     "|| sum(CASE WHEN phase = 'cancelled' THEN 1 ELSE 0 END) FROM tcc_branch GROUP BY gid "
     "HAVING sum(CASE WHEN phase = 'confirmed' THEN 1 ELSE 0 END) > 0 AND sum(CASE WHEN phase = 'cancelled' THEN 1 ELSE 0 END) > 0 ORDER BY 2"},

    {"tcc_branches_follow", "Every branch is where the decision leaves it; a final TCC transaction has no unfinished branch.",
     "SELECT 'tcc', t.gid, 'it is ' || t.decision || ', branch ' || b.n || ' (' || b.participant || ') is ' || b.phase "
     "FROM tcc_transaction t JOIN tcc_branch b ON b.gid = t.gid "
     "WHERE (t.decision = 'confirmed' AND b.phase <> 'confirmed') OR (t.decision = 'cancelled' AND b.phase <> 'cancelled') "
     "OR (t.decision = 'confirming' AND b.phase NOT IN ('tried', 'confirmed')) OR (t.decision = 'cancelling' AND b.phase = 'confirmed') "
     "OR (t.decision = 'trying' AND b.phase IN ('confirmed', 'cancelled')) ORDER BY 2, 3"},

    {"tcc_fences_follow", "Every participant remembers what the decision says.",
     "SELECT 'tcc', t.gid, 'it is ' || t.decision || ', the fence of branch ' || b.n || ' (' || b.participant || ') is ' || coalesce(f.state, 'missing') "
     "FROM tcc_transaction t JOIN tcc_branch b ON b.gid = t.gid LEFT JOIN tcc_fence f ON f.gid = b.gid AND f.n = b.n "
     "WHERE (t.decision = 'confirmed' AND coalesce(f.state, '') <> 'confirmed') "
     "OR (t.decision = 'confirming' AND coalesce(f.state, '') NOT IN ('tried', 'confirmed')) "
     "OR (t.decision = 'cancelled' AND coalesce(f.state, '') NOT IN ('cancelled', 'tombstone')) "
     "OR (t.decision = 'cancelling' AND coalesce(f.state, '') = 'confirmed') "
     "OR (t.decision = 'trying' AND coalesce(f.state, 'tried') <> 'tried') ORDER BY 2, 3"},

    // Goods may come back for a refund after everything has ended.
    {"final_order_settled", "An order in a final state has no open TCC transaction but a refund's, no payment hold or reservation.",
     "SELECT 'ord', o.id, 'it is ' || o.state || ' with an open ' || x.what FROM ("
     "SELECT order_id, 'TCC transaction' AS what FROM tcc_transaction WHERE decision NOT IN ('confirmed', 'cancelled') AND business_key NOT LIKE 'refund:%' "
     "UNION ALL SELECT order_id, 'payment hold' FROM hold WHERE state = 'open' AND reason = 'payment' "
     "UNION ALL SELECT order_id, 'reservation' FROM stock_reservation WHERE state = 'open') x JOIN orders o ON o.id = x.order_id "
     "WHERE (o.workflow || '/' || o.revision || '/' || o.state) {texts} ORDER BY 2, 3"},

    // A release of a settlement moves no order, nor does a timer of an earlier life of the state.
    {"order_not_stuck", "Whatever is not final has a job, a timer or an open case that moves it on.",
     "SELECT 'ord', o.id, 'it is ' || o.state || ' and nothing will ever move it' FROM orders o "
     "WHERE NOT ((o.workflow || '/' || o.revision || '/' || o.state) {texts}) "
     "AND NOT EXISTS (SELECT 1 FROM job j WHERE j.order_id = o.id AND j.state IN ('ready', 'leased', 'parked') "
     "AND j.kind <> 'settlement_release' AND (j.kind <> 'order_timer' OR j.payload LIKE o.state_version || ' %')) "
     "AND NOT EXISTS (SELECT 1 FROM intervention_case c WHERE c.order_id = o.id AND c.state <> 'resolved') ORDER BY 2"},

    {"order_state_recorded", "An order's state is one that its timeline says it entered, then.",
     "SELECT 'ord', o.id, 'it is ' || o.state || ', which its timeline does not know' FROM orders o "
     "WHERE NOT EXISTS (SELECT 1 FROM order_event e WHERE e.order_id = o.id AND e.outcome = 'applied' AND e.to_state = o.state "
     "AND e.at = o.state_since) ORDER BY 2"},

    {"exchange_recorded", "What the gateway answered is kept.",
     "SELECT 'exch', x.id, x.operation || ' is ' || x.state || ' without a payload' FROM gateway_exchange x "
     "WHERE x.state IN ('answered', 'refused') AND x.answered_at IS NOT NULL "
     "AND NOT EXISTS (SELECT 1 FROM gateway_payload p WHERE p.exchange_id = x.id) ORDER BY 2"},

    {"order_audited", "The creation of every order is in the audit trail.",
     "SELECT 'ord', id, 'no audit row tells who created ' || order_no FROM orders "
     "WHERE order_no NOT IN (SELECT reason FROM audit_event WHERE action = 'order.created') ORDER BY 2"},
};

} // namespace

std::span<const InvariantQuery> processInvariants()
{
    return queries;
}

} // namespace counterfoil
