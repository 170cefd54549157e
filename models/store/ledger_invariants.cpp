// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/invariant_queries.h"

namespace counterfoil {

namespace {

constexpr InvariantQuery queries[] = {
    {"entry_balanced", "The postings of every ledger entry sum to zero per currency.",
     "SELECT 'ent', entry_id, 'its ' || currency || ' postings sum to ' || sum(amount) FROM posting "
     "GROUP BY entry_id, currency HAVING sum(amount) <> 0 ORDER BY 2, 3"},

    {"entry_complete", "Every ledger entry has two or more postings.",
     "SELECT 'ent', e.id, 'postings: ' || count(p.entry_id) FROM ledger_entry e LEFT JOIN posting p ON p.entry_id = e.id "
     "GROUP BY e.id HAVING count(p.entry_id) < 2 ORDER BY 2"},

    {"currency_agrees", "Postings and holds are in the currency of their account, and steps of a hold in the hold's.",
     "SELECT 'ent', p.entry_id, 'line ' || p.line || ' is in ' || p.currency || ', its account in ' || a.currency "
     "FROM posting p JOIN account a ON a.id = p.account_id WHERE p.currency <> a.currency "
     "UNION ALL SELECT 'hold', h.id, 'it is in ' || h.currency || ', its account in ' || a.currency "
     "FROM hold h JOIN account a ON a.id = h.account_id WHERE h.currency <> a.currency "
     "UNION ALL SELECT 'hmv', m.id, 'it is in ' || m.currency || ', its hold in ' || h.currency "
     "FROM hold_movement m JOIN hold h ON h.id = m.hold_id WHERE m.currency <> h.currency ORDER BY 2, 3"},

    {"account_balance", "Every account's balances are the sums of its postings.",
     "SELECT 'acc', a.id, 'available ' || a.available || ' and frozen ' || a.frozen || ', the postings sum to ' "
     "|| coalesce(s.available, 0) || ' and ' || coalesce(s.frozen, 0) "
     "FROM account a LEFT JOIN (SELECT account_id, sum(CASE WHEN bucket = 'available' THEN amount ELSE 0 END) AS available, "
     "sum(CASE WHEN bucket = 'frozen' THEN amount ELSE 0 END) AS frozen FROM posting GROUP BY account_id) s ON s.account_id = a.id "
     "WHERE a.available <> coalesce(s.available, 0) OR a.frozen <> coalesce(s.frozen, 0) ORDER BY 2"},

    // From 0 to the present balance each balance is left as often as it is reached: that holds in whatever order the
    // postings were made, and a wrong balance_after anywhere breaks it in two places.
    {"running_balance", "The balances after each posting lead from zero to the account's balance, one posting after the other.",
     "SELECT 'acc', account_id, bucket || ': the running balance breaks at ' || min(at_balance) || ' (' || count(*) || ' places)' FROM ("
     "SELECT account_id, bucket, at_balance FROM ("
     "SELECT account_id, bucket, balance_after - amount AS at_balance, 1 AS step FROM posting "
     "UNION ALL SELECT account_id, bucket, balance_after, -1 FROM posting "
     "UNION ALL SELECT id, 'available', available, 1 FROM account UNION ALL SELECT id, 'available', 0, -1 FROM account "
     "UNION ALL SELECT id, 'frozen', frozen, 1 FROM account UNION ALL SELECT id, 'frozen', 0, -1 FROM account) steps "
     "GROUP BY account_id, bucket, at_balance HAVING sum(step) <> 0) breaks GROUP BY account_id, bucket ORDER BY 2, 3"},

    {"frozen_is_held", "What an account has frozen is what remains of its open holds.",
     "SELECT 'acc', a.id, 'frozen ' || a.frozen || ', open holds ' || coalesce(h.held, 0) FROM account a "
     "LEFT JOIN (SELECT account_id, sum(remaining) AS held FROM hold WHERE state = 'open' GROUP BY account_id) h ON h.account_id = a.id "
     "WHERE a.frozen <> coalesce(h.held, 0) ORDER BY 2"},

    {"owner_not_negative", "No bucket of a customer's or merchant's account is below zero.",
     "SELECT 'acc', id, 'available ' || available || ', frozen ' || frozen FROM account "
     "WHERE owner_kind <> 'system' AND (available < 0 OR frozen < 0) ORDER BY 2"},

    {"hold_consumed", "What remains of a hold is its amount less its steps, and it is open exactly while something remains.",
     "SELECT 'hold', h.id, h.state || ' with ' || h.remaining || ' of ' || h.amount || ', its steps took ' || coalesce(m.taken, 0) "
     "FROM hold h LEFT JOIN (SELECT hold_id, sum(amount) AS taken FROM hold_movement GROUP BY hold_id) m ON m.hold_id = h.id "
     "WHERE h.remaining <> h.amount - coalesce(m.taken, 0) OR h.remaining < 0 "
     "OR (h.state = 'open' AND h.remaining = 0) OR (h.state <> 'open' AND h.remaining <> 0) ORDER BY 2"},

    {"billed_total", "What was billed is what the account paid or was released to it, less refunds.",
     "SELECT 'acc', a.id, 'billed ' || a.billed || ', the entries sum to ' || coalesce(b.total, 0) FROM account a LEFT JOIN ("
     "SELECT account_id, sum(total) AS total FROM (SELECT p.account_id, sum(CASE WHEN e.kind = 'payment' AND p.bucket = 'frozen' THEN -p.amount "
     "WHEN e.kind = 'refund' AND p.bucket = 'available' THEN -p.amount ELSE 0 END) AS total "
     "FROM ledger_entry e JOIN posting p ON p.entry_id = e.id JOIN account w ON w.id = p.account_id AND w.kind = 'wallet' "
     "WHERE e.kind IN ('payment', 'refund') GROUP BY p.account_id "
     "UNION ALL SELECT p.account_id, sum(p.amount) FROM ledger_entry e JOIN posting p ON p.entry_id = e.id AND p.bucket = 'available' "
     "JOIN account w ON w.id = p.account_id AND w.kind = 'merchant' WHERE e.kind = 'settlement' GROUP BY p.account_id "
     // What a refund took of money that was settled already.
     "UNION ALL SELECT h.account_id, -sum(m.amount) FROM hold h JOIN hold_movement m ON m.hold_id = h.id AND m.kind = 'capture' "
     "WHERE h.reason = 'refund' AND h.release_at IS NULL GROUP BY h.account_id) parts GROUP BY account_id"
     ") b ON b.account_id = a.id WHERE a.billed <> coalesce(b.total, 0) ORDER BY 2"},
};

} // namespace

std::span<const InvariantQuery> ledgerInvariants()
{
    return queries;
}

} // namespace counterfoil
