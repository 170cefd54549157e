-- SPDX-License-Identifier: GPL-3.0-or-later
-- Rows that a payment changes several times find room for it on their page, and their indexes stay as they are.
ALTER TABLE orders SET (fillfactor = 80);
ALTER TABLE payment_transaction SET (fillfactor = 80);
ALTER TABLE gateway_exchange SET (fillfactor = 80);
ALTER TABLE tcc_transaction SET (fillfactor = 80);
ALTER TABLE tcc_branch SET (fillfactor = 80);
ALTER TABLE tcc_fence SET (fillfactor = 80);
ALTER TABLE stock_reservation SET (fillfactor = 80);
ALTER TABLE hold SET (fillfactor = 90);
ALTER TABLE gateway_callback SET (fillfactor = 80);
ALTER TABLE stock SET (fillfactor = 50);
ALTER TABLE account SET (fillfactor = 50);
