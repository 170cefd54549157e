-- SPDX-License-Identifier: GPL-3.0-or-later
-- Only PostgreSQL's change feed asks for the newest change; on SQLite a pragma tells.
DROP INDEX orders_updated;
