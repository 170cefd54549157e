// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/worker_host.h"
#include "workflows/services/order_intake.h"

namespace counterfoil {

/// Takes orders in through a running worker's own connection, batch by batch, from another thread: an import beside a worker in the same
/// process. Every call waits for its batch; callbacks, intake and jobs go on between the batches.
class WriterIntake final : public OrderIntake {
public:
    explicit WriterIntake(WorkerHost& worker) : m_worker(worker) {}

    Result<std::vector<Result<PlacedOrder>>> place(std::span<const NewOrder> orders, const IntakeContext& context) override;
    Result<ImportProgress> openImport(const QString& fileSha256, const QString& fileName) override;

private:
    WorkerHost& m_worker;
};

} // namespace counterfoil
