// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/engine/workflow_table.h"

#include <map>

namespace counterfoil {

/// One published revision of a workflow.
struct PublishedWorkflow {
    QString name;
    int revision = 0;
    QByteArray scxml;
};

/// Every published revision, compiled once. Immutable after it was made, so threads may share it.
class WorkflowCatalog {
public:
    /// Errors: WorkflowInvalid, naming workflow and revision.
    static Result<WorkflowCatalog> compile(const std::vector<PublishedWorkflow>& published);

    /// Errors: NotFound.
    Result<const WorkflowTable*> find(const QString& workflow, int revision) const;
    /// The revision new orders start on; 0 if there is none.
    int newestRevision(const QString& workflow) const;

private:
    std::map<std::pair<QString, int>, WorkflowTable> m_tables;
};

} // namespace counterfoil
