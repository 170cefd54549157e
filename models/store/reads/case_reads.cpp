// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/case_reads.h"

#include "models/store/order_tables.h"
#include "models/store/process_tables.h"

namespace counterfoil {

Result<std::vector<CaseRow>> openCases(Connection& connection, int limit)
{
    CF_ASSIGN(std::vector<InterventionCase> items,
              selectRows<InterventionCase>(connection,
                                           QStringLiteral("WHERE state = 'open' ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, "
                                                          "opened_at, id LIMIT ?"),
                                           {bound(limit)}));
    std::vector<CaseRow> rows;
    for (InterventionCase& item : items) {
        CaseRow& row = rows.emplace_back(CaseRow{std::move(item), {}});
        if (row.item.order.isNone()) {
            continue;
        }
        CF_TRY(connection.query(QStringLiteral("SELECT order_no FROM orders WHERE id = ?"), {bound(row.item.order)}, [&row](const Row& found) -> Result<void> {
            row.orderNo = found.text(0);
            return {};
        }));
    }
    return rows;
}

} // namespace counterfoil
