// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/engine_parts.h"

#include "models/store/administration.h"

namespace counterfoil {

EngineParts::EngineParts(WorkflowCatalog catalog, const EngineOptions& options)
    : m_catalog(std::move(catalog)), m_coordinator(options.settlementDelay), m_payments(m_coordinator, {options.storedErrorPatience}),
      m_commands(m_coordinator, m_payments), m_engine(m_catalog, m_commands), m_dialogue(m_payments), m_handlers(m_engine, m_payments, m_dialogue)
{
}

Result<std::unique_ptr<EngineParts>> EngineParts::load(Connection& connection, const EngineOptions& options)
{
    CF_ASSIGN(const auto stored, publishedWorkflows(connection));
    std::vector<PublishedWorkflow> published;
    for (const StoredWorkflow& workflow : stored) {
        published.push_back({workflow.workflow, workflow.revision, workflow.scxml.toUtf8()});
    }
    CF_ASSIGN(WorkflowCatalog catalog, WorkflowCatalog::compile(published));
    if (catalog.newestRevision(QStringLiteral("order")) == 0) {
        return fail(ErrorCode::NotFound, QStringLiteral("no order workflow is published: run counterfoilctl init"));
    }
    return std::unique_ptr<EngineParts>(new EngineParts(std::move(catalog), options));
}

} // namespace counterfoil
