// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/engine/job_handlers.h"
#include "workflows/operators/command_actions.h"

namespace counterfoil {

struct EngineOptions {
    /// See AccountsParticipant.
    Duration settlementDelay = Duration::days(7);
    /// See PaymentProcess::Options.
    Duration storedErrorPatience = Duration::minutes(10);
    /// See RefundProcess::Options.
    Duration refundUnknownPatience = Duration::minutes(15);
};

/// The engine wired together from the published workflows of a database: what every program that writes shares. Immutable after
/// load(); may be used by several threads.
class EngineParts {
public:
    /// Errors: NotFound (no order workflow is published), WorkflowInvalid, and the database's.
    static Result<std::unique_ptr<EngineParts>> load(Connection& connection, const EngineOptions& options);

    const OrderEngine& engine() const { return m_engine; }
    const TccCoordinator& coordinator() const { return m_coordinator; }
    const JobHandlers& handlers() const { return m_handlers; }
    const PaymentProcess& payments() const { return m_payments; }
    const RefundProcess& refunds() const { return m_refunds; }
    const CommandActions& commandActions() const { return m_actions; }

private:
    /// Every command of a workflow is one that this program has, before the first order runs into it.
    static Result<void> checkCommands(const WorkflowDefinition& definition, int revision);
    EngineParts(WorkflowCatalog catalog, const EngineOptions& options);

    WorkflowCatalog m_catalog;
    TccCoordinator m_coordinator;
    PaymentProcess m_payments;
    RefundProcess m_refunds;
    OrderCommands m_commands;
    OrderEngine m_engine;
    GatewayDialogue m_dialogue;
    JobHandlers m_handlers;
    CommandActions m_actions;
};

} // namespace counterfoil
