// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/step.h"

#include <algorithm>

namespace counterfoil {

namespace {

void perform(const std::vector<Action>& actions, StepResult& result)
{
    for (const Action& action : actions) {
        if (const auto* const command = std::get_if<CommandAction>(&action)) {
            result.commands.push_back(*command);
        } else if (const auto* const send = std::get_if<SendAction>(&action)) {
            result.timersToArm.push_back(*send);
        } else {
            // A timer armed earlier in the same step is disarmed here, since the caller disarms first and arms last.
            const QString& id = std::get<CancelAction>(action).sendId;
            std::erase_if(result.timersToArm, [&](const SendAction& armed) { return armed.id == id; });
            if (std::ranges::find(result.timersToCancel, id) == result.timersToCancel.end()) {
                result.timersToCancel.push_back(id);
            }
        }
    }
}

Result<std::optional<std::size_t>> chooseTransition(const std::vector<WorkflowTable::Transition>& transitions,
                                                    QStringView state, QStringView event, const Facts& facts)
{
    for (std::size_t index = 0; index < transitions.size(); ++index) {
        const WorkflowTable::Transition& transition = transitions[index];
        if (!transition.matches(event)) {
            continue;
        }
        if (transition.guard) {
            CF_ASSIGN(const bool holds, transition.guard->evaluate(facts, state));
            if (!holds) {
                continue;
            }
        }
        return std::optional(index);
    }
    return std::optional<std::size_t>();
}

} // namespace

Result<StepResult> start(const WorkflowTable& table, const Facts&)
{
    const StateDefinition& initial = table.initialState();
    StepResult result;
    result.accepted = true;
    result.nextState = initial.id;
    perform(initial.onEntry, result);
    return result;
}

Result<StepResult> step(const WorkflowTable& table, QStringView state, QStringView event, const Facts& facts)
{
    const std::optional<std::size_t> from = table.indexOf(state);
    if (!from) {
        return fail(ErrorCode::NotFound, QStringLiteral("workflow %1 has no state '%2'").arg(table.name(), state));
    }
    const auto& transitions = table.transitionsAt(*from);
    const StateDefinition& left = table.stateAt(*from);
    StepResult result;
    result.nextState = left.id;
    CF_ASSIGN(result.transition, chooseTransition(transitions, state, event, facts));
    if (!result.transition) {
        return result;
    }
    const StateDefinition& entered = table.stateAt(transitions[*result.transition].target);
    result.accepted = true;
    result.nextState = entered.id;
    perform(left.onExit, result);
    perform(left.transitions[*result.transition].actions, result);
    perform(entered.onEntry, result);
    return result;
}

} // namespace counterfoil
