// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/invariant_queries.h"

namespace counterfoil {

namespace {

// Sums are joined to their owners in queries of their own: within a UNION, SQLite 3.40 scans such a sum once per owner.
constexpr InvariantQuery queries[] = {
    {"order_amounts", "Goods less discount plus shipping is payable, and so are wallet part plus gateway part.",
     "SELECT 'ord', id, goods || ' - ' || discount || ' + ' || shipping || ' or ' || wallet_part || ' + ' || gateway_part || ' is not ' || payable "
     "FROM orders WHERE goods - discount + shipping <> payable OR wallet_part + gateway_part <> payable ORDER BY 2"},

    {"order_items_sum", "The items of an order sum to its goods, discount and shipping.",
     "SELECT 'ord', o.id, 'goods ' || o.goods || ', discount ' || o.discount || ', shipping ' || o.shipping || '; the items sum to ' "
     "|| coalesce(i.goods, 0) || ', ' || coalesce(i.discount, 0) || ', ' || coalesce(i.shipping, 0) "
     "FROM orders o LEFT JOIN (SELECT order_id, sum(amount) AS goods, sum(merchant_discount + platform_discount) AS discount, "
     "sum(shipping) AS shipping FROM order_item GROUP BY order_id) i ON i.order_id = o.id "
     "WHERE o.goods <> coalesce(i.goods, 0) OR o.discount <> coalesce(i.discount, 0) OR o.shipping <> coalesce(i.shipping, 0) ORDER BY 2"},

    {"sub_orders_sum", "The shares of an order's sub-orders sum to what is payable plus what the platform pays of discounts.",
     "SELECT 'ord', o.id, 'payable ' || o.payable || ', the sub-orders'' gross less platform discounts is ' || coalesce(s.due, 0) "
     "FROM orders o LEFT JOIN (SELECT order_id, sum(gross - platform_discount) AS due FROM sub_order GROUP BY order_id) s ON s.order_id = o.id "
     "WHERE o.payable <> coalesce(s.due, 0) ORDER BY 2"},

    {"sub_order_items_sum", "The items of a sub-order sum to its goods, discounts and shipping, and these to its share.",
     "SELECT 'sub', s.id, 'goods ' || s.goods || ', discounts ' || s.merchant_discount || ' and ' || s.platform_discount || ', shipping ' || s.shipping "
     "|| ', gross ' || s.gross || '; the items sum to ' || coalesce(i.goods, 0) || ', ' || coalesce(i.merchant, 0) || ', ' || coalesce(i.platform, 0) "
     "|| ', ' || coalesce(i.shipping, 0) "
     "FROM sub_order s LEFT JOIN (SELECT sub_order_id, sum(amount) AS goods, sum(merchant_discount) AS merchant, sum(platform_discount) AS platform, "
     "sum(shipping) AS shipping FROM order_item GROUP BY sub_order_id) i ON i.sub_order_id = s.id "
     "WHERE s.goods <> coalesce(i.goods, 0) OR s.merchant_discount <> coalesce(i.merchant, 0) OR s.platform_discount <> coalesce(i.platform, 0) "
     "OR s.shipping <> coalesce(i.shipping, 0) OR s.goods - s.merchant_discount + s.shipping <> s.gross ORDER BY 2"},

    {"transaction_divides", "A payment's details sum to its amount plus platform discounts.",
     "SELECT 'txn', t.id, 'amount ' || t.amount || ' plus platform discounts ' || coalesce(s.platform, 0) || ', the details sum to ' || coalesce(d.gross, 0) "
     "FROM payment_transaction t "
     "LEFT JOIN (SELECT transaction_id, sum(gross) AS gross FROM transaction_detail GROUP BY transaction_id) d ON d.transaction_id = t.id "
     "LEFT JOIN (SELECT order_id, sum(platform_discount) AS platform FROM sub_order GROUP BY order_id) s ON s.order_id = t.order_id "
     "WHERE t.kind = 'payment' AND coalesce(d.gross, 0) <> t.amount + coalesce(s.platform, 0) ORDER BY 2"},

    {"detail_net", "A detail's net is its gross less its commission, and neither commission nor refunds exceed the gross.",
     "SELECT 'txn', transaction_id, 'line ' || line || ': gross ' || gross || ', commission ' || commission || ', net ' || net || ', refunded ' || refunded "
     "FROM transaction_detail WHERE gross - commission <> net OR commission < 0 OR commission > gross OR refunded < 0 OR refunded > gross ORDER BY 2, 3"},

    {"details_match_sub_orders", "A payment's details per sub-order are that sub-order's share, discount and commission.",
     "SELECT 'sub', s.id, 'gross ' || s.gross || ', discount ' || s.merchant_discount || ' and ' || s.platform_discount || ', commission ' || s.commission "
     "|| '; the details say ' || d.gross || ', ' || d.discount || ' and ' || d.platform || ', ' || d.commission "
     "FROM (SELECT transaction_id, sub_order_id, sum(gross) AS gross, sum(discount_borne) AS discount, sum(commission) AS commission, sum(platform_discount) AS platform "
     "FROM transaction_detail GROUP BY transaction_id, sub_order_id) d "
     "JOIN payment_transaction t ON t.id = d.transaction_id AND t.kind = 'payment' JOIN sub_order s ON s.id = d.sub_order_id "
     "WHERE s.gross <> d.gross OR s.merchant_discount <> d.discount OR s.commission <> d.commission OR s.platform_discount <> d.platform OR s.order_id <> t.order_id ORDER BY 2"},

    {"order_paid", "An order is paid with exactly what its succeeded payments brought.",
     "SELECT 'ord', o.id, 'paid ' || o.paid || ', succeeded payments sum to ' || coalesce(t.paid, 0) FROM orders o "
     "LEFT JOIN (SELECT order_id, sum(wallet_part + gateway_part) AS paid FROM payment_transaction "
     "WHERE kind = 'payment' AND status = 'succeeded' GROUP BY order_id) t ON t.order_id = o.id WHERE o.paid <> coalesce(t.paid, 0) ORDER BY 2"},

    {"paid_once", "An order has at most one succeeded payment.",
     "SELECT 'ord', order_id, 'succeeded payments: ' || count(*) FROM payment_transaction "
     "WHERE kind = 'payment' AND status = 'succeeded' GROUP BY order_id HAVING count(*) > 1 ORDER BY 2"},

    {"payment_booked_once", "A payment is booked at most once, and not at all unless it succeeded.",
     "SELECT 'ord', order_id, 'payment entries: ' || count(*) FROM ledger_entry WHERE kind = 'payment' GROUP BY order_id HAVING count(*) > 1 "
     "UNION ALL SELECT 'txn', t.id, 'it is ' || t.status || ' and booked' FROM payment_transaction t "
     "JOIN ledger_entry e ON e.order_id = t.order_id AND e.kind = 'payment' WHERE t.kind = 'payment' AND t.status <> 'succeeded' ORDER BY 2, 3"},

    {"payment_booked", "What a confirmed payment's entry gives to merchants and fees is the sum of its details.",
     "SELECT 'txn', t.id, 'its details sum to ' || d.gross || ', booked is ' || coalesce(b.booked, 0) "
     "FROM tcc_transaction c JOIN payment_transaction t ON t.id = c.transaction_id AND t.kind = 'payment' AND t.status = 'succeeded' "
     "JOIN (SELECT transaction_id, sum(gross) AS gross FROM transaction_detail GROUP BY transaction_id) d ON d.transaction_id = t.id "
     "LEFT JOIN (SELECT e.order_id, sum(p.amount) AS booked FROM ledger_entry e JOIN posting p ON p.entry_id = e.id AND p.amount > 0 "
     "WHERE e.kind = 'payment' GROUP BY e.order_id) b ON b.order_id = t.order_id "
     "WHERE c.decision = 'confirmed' AND d.gross <> coalesce(b.booked, 0) ORDER BY 2"},

    {"refund_bounds", "Refunds that succeeded or may still succeed never exceed what was paid, and refunded is what succeeded.",
     "SELECT 'ord', o.id, 'paid ' || o.paid || ', refunded ' || o.refunded || '; refunds done ' || coalesce(r.done, 0) || ', asked for ' || coalesce(r.asked, 0) "
     "FROM orders o LEFT JOIN (SELECT order_id, sum(CASE WHEN status = 'succeeded' THEN amount ELSE 0 END) AS done, "
     "sum(CASE WHEN status IN ('failed', 'cancelled') THEN 0 ELSE amount END) AS asked FROM payment_transaction WHERE kind = 'refund' GROUP BY order_id) r "
     "ON r.order_id = o.id WHERE o.refunded > o.paid OR o.refunded <> coalesce(r.done, 0) OR coalesce(r.asked, 0) > o.paid ORDER BY 2"},

    // What a refund took of a settlement and gave back is held for settlement twice.
    {"settlement_held", "A confirmed payment's net shares were held for settlement, all of them.",
     "SELECT 'ord', c.order_id, 'net shares ' || d.net || ', held for settlement ' || coalesce(h.held, 0) || ', of that again ' || coalesce(g.again, 0) FROM tcc_transaction c "
     "JOIN payment_transaction t ON t.id = c.transaction_id AND t.kind = 'payment' "
     "JOIN (SELECT transaction_id, sum(net) AS net FROM transaction_detail GROUP BY transaction_id) d ON d.transaction_id = t.id "
     "LEFT JOIN (SELECT order_id, sum(amount) AS held FROM hold WHERE reason = 'settlement' GROUP BY order_id) h ON h.order_id = c.order_id "
     "LEFT JOIN (SELECT r.order_id, sum(m.amount) AS again FROM hold r JOIN hold_movement m ON m.hold_id = r.id AND m.kind = 'release' "
     "WHERE r.reason = 'refund' AND r.release_at IS NOT NULL GROUP BY r.order_id) g ON g.order_id = c.order_id "
     "WHERE c.decision = 'confirmed' AND d.net <> coalesce(h.held, 0) - coalesce(g.again, 0) ORDER BY 2"},

    {"stock_frozen", "Frozen stock is what open reservations want, and never more than is on hand.",
     "SELECT 'stk', s.id, 'on hand ' || s.on_hand || ', frozen ' || s.frozen || ', open reservations ' || coalesce(r.wanted, 0) FROM stock s "
     "LEFT JOIN (SELECT stock_id, sum(quantity) AS wanted FROM stock_reservation WHERE state = 'open' GROUP BY stock_id) r ON r.stock_id = s.id "
     "WHERE s.frozen <> coalesce(r.wanted, 0) OR s.frozen > s.on_hand ORDER BY 2"},

    {"coupon_used", "A coupon's use is the number of its grants that are locked or used, within its limit.",
     "SELECT 'cpn', c.id, 'used ' || c.used || ' of ' || c.total_limit || ', grants locked or used ' || coalesce(g.taken, 0) FROM coupon c "
     "LEFT JOIN (SELECT coupon_id, count(*) AS taken FROM coupon_grant WHERE state IN ('locked', 'used') GROUP BY coupon_id) g ON g.coupon_id = c.id "
     "WHERE c.used <> coalesce(g.taken, 0) OR (c.total_limit > 0 AND c.used > c.total_limit) ORDER BY 2"},
};

} // namespace

std::span<const InvariantQuery> orderInvariants()
{
    return queries;
}

} // namespace counterfoil
