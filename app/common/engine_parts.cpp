// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/engine_parts.h"

#include "models/store/administration.h"

namespace counterfoil {

EngineParts::EngineParts(WorkflowCatalog catalog, const EngineOptions& options)
    : m_catalog(std::move(catalog)), m_coordinator(options.settlementDelay), m_payments(m_coordinator, {options.storedErrorPatience}),
      m_refunds(m_coordinator, {options.refundUnknownPatience}), m_commands(m_coordinator, m_payments, m_refunds), m_engine(m_catalog, m_commands),
      m_dialogue(m_payments, m_refunds), m_handlers(m_engine, m_payments, m_refunds, m_dialogue), m_actions({m_engine, m_payments, m_refunds})
{
}

Result<void> EngineParts::checkCommands(const WorkflowDefinition& definition, int revision)
{
    const auto check = [&](const std::vector<Action>& actions) -> Result<void> {
        for (const Action& action : actions) {
            const auto* command = std::get_if<CommandAction>(&action);
            if (command && !OrderCommands::names().contains(command->name)) {
                return fail(ErrorCode::WorkflowInvalid, QStringLiteral("%1 revision %2 asks for %3, which this program can't do").arg(definition.name).arg(revision).arg(command->name));
            }
        }
        return {};
    };
    for (const StateDefinition& state : definition.states) {
        CF_TRY(check(state.onEntry));
        CF_TRY(check(state.onExit));
        for (const TransitionDefinition& transition : state.transitions) {
            CF_TRY(check(transition.actions));
        }
    }
    return {};
}

Result<std::unique_ptr<EngineParts>> EngineParts::load(Connection& connection, const EngineOptions& options)
{
    CF_ASSIGN(const auto stored, publishedWorkflows(connection));
    std::vector<PublishedWorkflow> published;
    for (const StoredWorkflow& workflow : stored) {
        published.push_back({workflow.workflow, workflow.revision, workflow.scxml.toUtf8()});
    }
    CF_ASSIGN(WorkflowCatalog catalog, WorkflowCatalog::compile(published));
    for (const StoredWorkflow& workflow : stored) {
        CF_ASSIGN(const WorkflowTable* const table, catalog.find(workflow.workflow, workflow.revision));
        CF_TRY(checkCommands(table->definition(), workflow.revision));
    }
    if (catalog.newestRevision(QStringLiteral("order")) == 0) {
        return fail(ErrorCode::NotFound, QStringLiteral("no order workflow is published: run counterfoilctl init"));
    }
    return std::unique_ptr<EngineParts>(new EngineParts(std::move(catalog), options));
}

} // namespace counterfoil
