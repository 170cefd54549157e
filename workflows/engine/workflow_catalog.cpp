// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/workflow_catalog.h"

#include "workflows/definition/scxml_reader.h"

#include <algorithm>

namespace counterfoil {

Result<WorkflowCatalog> WorkflowCatalog::compile(const std::vector<PublishedWorkflow>& published)
{
    WorkflowCatalog catalog;
    for (const PublishedWorkflow& workflow : published) {
        auto definition = readScxml(workflow.scxml);
        auto table = definition ? WorkflowTable::compile(std::move(*definition)) : Result<WorkflowTable>(std::unexpected<Error>(definition.error()));
        if (!table) {
            return fail(ErrorCode::WorkflowInvalid, QStringLiteral("%1 revision %2: %3").arg(workflow.name).arg(workflow.revision).arg(table.error().detail));
        }
        catalog.m_tables.emplace(std::pair(workflow.name, workflow.revision), std::move(*table));
    }
    return catalog;
}

Result<const WorkflowTable*> WorkflowCatalog::find(const QString& workflow, int revision) const
{
    const auto it = m_tables.find({workflow, revision});
    if (it == m_tables.end()) {
        return fail(ErrorCode::NotFound, QStringLiteral("workflow %1 has no published revision %2").arg(workflow).arg(revision));
    }
    return &it->second;
}

int WorkflowCatalog::newestRevision(const QString& workflow) const
{
    int newest = 0;
    for (const auto& [key, table] : m_tables) {
        if (key.first == workflow) {
            newest = std::max(newest, key.second);
        }
    }
    return newest;
}

} // namespace counterfoil
