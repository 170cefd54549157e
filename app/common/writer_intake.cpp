// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/writer_intake.h"

#include "workflows/services/order_placement.h"

#include <future>

namespace counterfoil {

Result<std::vector<Result<PlacedOrder>>> WriterIntake::place(std::span<const NewOrder> orders, const IntakeContext& context)
{
    std::promise<Result<std::vector<Result<PlacedOrder>>>> promise;
    m_worker.runOnWriter([&](Connection&, OrderPlacement& placement) { promise.set_value(placement.place(orders, context)); });
    return promise.get_future().get();
}

Result<ImportProgress> WriterIntake::openImport(const QString& fileSha256, const QString& fileName)
{
    std::promise<Result<ImportProgress>> promise;
    m_worker.runOnWriter([&](Connection&, OrderPlacement& placement) { promise.set_value(placement.openImport(fileSha256, fileName)); });
    return promise.get_future().get();
}

} // namespace counterfoil
