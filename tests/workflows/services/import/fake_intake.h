// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/services/order_intake.h"

#include <QHash>

#include <map>

namespace counterfoil {

/// Keeps what it is given as a database would: orders and an import's progress together or not at all.
class FakeIntake final : public OrderIntake {
public:
    std::map<QString, NewOrder> orders;
    QHash<QString, ImportProgress> progressOfFile;
    std::vector<qsizetype> batches;
    QString lastActor;
    QString lastFileName;
    /// Refuses this order.
    QString outOfStock;
    /// Fails as a whole once so many batches were stored.
    std::optional<std::size_t> failAfterBatches;

    Result<std::vector<Result<PlacedOrder>>> place(std::span<const NewOrder> given, const IntakeContext& context) override
    {
        if (failAfterBatches && batches.size() >= *failAfterBatches) {
            return fail(ErrorCode::DatabaseUnavailable, QStringLiteral("gone"));
        }
        require(context.extendCatalogue && context.progress != nullptr, "an import extends the catalogue and keeps its progress");
        lastActor = context.actor;
        batches.push_back(static_cast<qsizetype>(given.size()));
        std::vector<Result<PlacedOrder>> results;
        for (const NewOrder& order : given) {
            results.push_back(placeOne(order));
            const Result<PlacedOrder>& result = results.back();
            ++(!result ? context.progress->refused : result->existed ? context.progress->existed : context.progress->placed);
        }
        for (ImportProgress& stored : progressOfFile) {
            if (stored.run == context.progress->run) {
                stored = *context.progress;
            }
        }
        return results;
    }

    Result<ImportProgress> openImport(const QString& fileSha256, const QString& fileName) override
    {
        lastFileName = fileName;
        if (!progressOfFile.contains(fileSha256)) {
            progressOfFile.insert(fileSha256, ImportProgress{.run = ImportRunId(progressOfFile.size() + 1)});
        }
        return progressOfFile.value(fileSha256);
    }

private:
    Result<PlacedOrder> placeOne(const NewOrder& order)
    {
        CF_TRY(validate(order));
        if (order.orderNo == outOfStock) {
            return fail(ErrorCode::OutOfStock, QStringLiteral("=HYPERLINK(\"x\"), nothing left"));
        }
        const auto known = orders.find(order.orderNo);
        if (known == orders.end()) {
            orders.emplace(order.orderNo, order);
            return PlacedOrder{OrderId(static_cast<qint64>(orders.size())), false};
        }
        if (contentHash(known->second) != contentHash(order)) {
            return fail(ErrorCode::AlreadyExistsDifferent, QStringLiteral("order %1 is there with other content").arg(order.orderNo));
        }
        return PlacedOrder{OrderId(1), true};
    }
};

} // namespace counterfoil
