-- SPDX-License-Identifier: GPL-3.0-or-later
-- Indexes that no query needs: each costs every payment. No hold's steps are looked up by the hold, no account's transactions by the account.
DROP INDEX hold_movement_hold;
DROP INDEX payment_transaction_account;
