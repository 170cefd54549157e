-- SPDX-License-Identifier: GPL-3.0-or-later
-- Refunds of paid orders: whose a refund hold is, what of a detail the platform paid, and what a refund gives back of each line.

ALTER TABLE hold ADD COLUMN transaction_id @INT@;

ALTER TABLE transaction_detail ADD COLUMN platform_discount @INT@ NOT NULL DEFAULT 0;
UPDATE transaction_detail SET platform_discount = (
  SELECT coalesce(sum(i.platform_discount), 0) FROM sub_order s JOIN order_item i ON i.order_id = s.order_id AND i.sub_order_id = s.id
  WHERE s.id = transaction_detail.sub_order_id AND i.seller_id = transaction_detail.merchant_id);

CREATE TABLE refund_item (
  transaction_id @INT@ NOT NULL, item_id @INT@ NOT NULL, quantity @INT@ NOT NULL CHECK (quantity > 0), currency text NOT NULL,
  amount @INT@ NOT NULL CHECK (amount >= 0), PRIMARY KEY (transaction_id, item_id)
)@STRICT@;
