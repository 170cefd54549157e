// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/verification.h"

#include "models/store/administration.h"
#include "workflows/definition/scxml_reader.h"

namespace counterfoil {

Result<std::vector<FinalState>> finalStates(Connection& connection)
{
    CF_ASSIGN(const auto published, publishedWorkflows(connection));
    std::vector<FinalState> states;
    for (const StoredWorkflow& workflow : published) {
        CF_ASSIGN(const WorkflowDefinition definition, readScxml(workflow.scxml.toUtf8()));
        for (const StateDefinition& state : definition.states) {
            if (state.kind == StateKind::Final || state.kind == StateKind::Rest) {
                states.push_back({workflow.workflow, workflow.revision, state.id});
            }
        }
    }
    return states;
}

Result<Verification> verifyDatabase(Connection& connection, const std::vector<AuditHead>& anchors)
{
    CF_ASSIGN(const QString environment, setting(connection, QStringLiteral("environment")));
    for (const AuditHead& anchor : anchors) {
        if (anchor.environment != environment) {
            return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("the anchor of %1 is of a database that is '%2', and this one is '%3'").arg(anchor.sealedAt.toIso(), anchor.environment, environment));
        }
    }
    CF_ASSIGN(const auto states, finalStates(connection));
    return verifyInvariants(connection, states, anchors);
}

} // namespace counterfoil
