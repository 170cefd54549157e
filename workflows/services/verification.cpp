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

Result<Verification> verifyDatabase(Connection& connection)
{
    CF_ASSIGN(const auto states, finalStates(connection));
    return verifyInvariants(connection, states);
}

} // namespace counterfoil
