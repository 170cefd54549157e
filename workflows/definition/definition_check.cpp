// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/definition/definition_check.h"

#include "workflows/definition/guard.h"
#include "workflows/definition/guard_lexer.h"

#include <QSet>

#include <algorithm>

namespace counterfoil {

namespace {

constexpr qsizetype eventLengthMax = 100;

std::unexpected<Error> refuse(int line, const QString& reason)
{
    return fail(ErrorCode::WorkflowInvalid, line > 0 ? QStringLiteral("line %1: %2").arg(line).arg(reason) : reason);
}

class Checker {
public:
    explicit Checker(const WorkflowDefinition& definition) : m_definition(definition) {}

    Result<void> check()
    {
        if (!isWorkflowId(m_definition.name)) {
            return refuse(0, QStringLiteral("the workflow has no proper name"));
        }
        if (m_definition.states.size() > workflowStatesMax) {
            return refuse(0, QStringLiteral("more than %1 states").arg(workflowStatesMax));
        }
        CF_TRY(checkData());
        CF_TRY(checkPolicies());
        CF_TRY(collectStates());
        for (const StateDefinition& state : m_definition.states) {
            CF_TRY(checkState(state));
        }
        return {};
    }

private:
    Result<void> checkData() const
    {
        QSet<QString> names;
        for (const DataDeclaration& entry : m_definition.data) {
            if (!isFactName(entry.name)) {
                return refuse(entry.line, QStringLiteral("'%1' can't be the name of a fact").arg(entry.name));
            }
            if (names.contains(entry.name)) {
                return refuse(entry.line, QStringLiteral("'%1' is declared twice").arg(entry.name));
            }
            names.insert(entry.name);
        }
        return {};
    }

    Result<void> checkPolicies()
    {
        for (const PolicyDefinition& policy : m_definition.policies) {
            if (!isWorkflowId(policy.name)) {
                return refuse(policy.line, QStringLiteral("'%1' can't be the name of a policy").arg(policy.name));
            }
            if (m_policies.contains(policy.name)) {
                return refuse(policy.line, QStringLiteral("two policies are called '%1'").arg(policy.name));
            }
            if (policy.backoffBaseMs <= 0 || policy.backoffCapMs < policy.backoffBaseMs
                || policy.escalateAfterAttempts <= 0 || policy.escalateAfterMs <= 0) {
                return refuse(policy.line, QStringLiteral("policy '%1' needs 0 < base <= cap, attempts and a time to escalate")
                                               .arg(policy.name));
            }
            m_policies.insert(policy.name);
        }
        return {};
    }

    Result<void> collectStates()
    {
        for (const StateDefinition& state : m_definition.states) {
            if (!isWorkflowId(state.id)) {
                return refuse(state.line, QStringLiteral("'%1' can't be the id of a state").arg(state.id));
            }
            if (m_states.contains(state.id)) {
                return refuse(state.line, QStringLiteral("two states have the id '%1'").arg(state.id));
            }
            m_states.insert(state.id);
            collectSends(state.onEntry);
            collectSends(state.onExit);
            for (const TransitionDefinition& transition : state.transitions) {
                collectSends(transition.actions);
            }
        }
        if (!m_states.contains(m_definition.initial)) {
            return refuse(0, QStringLiteral("the initial state '%1' does not exist").arg(m_definition.initial));
        }
        return {};
    }

    void collectSends(const std::vector<Action>& actions)
    {
        for (const Action& action : actions) {
            if (const auto* const send = std::get_if<SendAction>(&action)) {
                m_sends.insert(send->id);
            }
        }
    }

    Result<void> checkState(const StateDefinition& state) const
    {
        if (state.kind == StateKind::Final && !state.transitions.empty()) {
            return refuse(state.line, QStringLiteral("final state '%1' has transitions").arg(state.id));
        }
        CF_TRY(checkActions(state.onEntry, state.line));
        CF_TRY(checkActions(state.onExit, state.line));
        for (const TransitionDefinition& transition : state.transitions) {
            CF_TRY(checkTransition(transition));
        }
        return {};
    }

    Result<void> checkTransition(const TransitionDefinition& transition) const
    {
        if (!isEventDescriptor(transition.event)) {
            return refuse(transition.line, QStringLiteral("'%1' is not one event").arg(transition.event));
        }
        if (!m_states.contains(transition.target)) {
            return refuse(transition.line, QStringLiteral("the target '%1' does not exist").arg(transition.target));
        }
        if (!transition.guard.isEmpty()) {
            const Result<Guard> guard = Guard::parse(transition.guard, m_definition.data);
            if (!guard) {
                return refuse(transition.line, guard.error().detail);
            }
            for (const QString& state : guard->statesNamed()) {
                if (!m_states.contains(state)) {
                    return refuse(transition.line, QStringLiteral("guard: In('%1') names no state").arg(state));
                }
            }
        }
        for (const QString& role : transition.roles) {
            if (!isWorkflowId(role)) {
                return refuse(transition.line, QStringLiteral("'%1' can't be the name of a role").arg(role));
            }
        }
        return checkActions(transition.actions, transition.line);
    }

    Result<void> checkActions(const std::vector<Action>& actions, int line) const
    {
        for (const Action& action : actions) {
            if (const auto* const command = std::get_if<CommandAction>(&action)) {
                if (!isWorkflowId(command->name)) {
                    return refuse(line, QStringLiteral("'%1' can't be the name of a command").arg(command->name));
                }
                if (!command->retryPolicy.isEmpty() && !m_policies.contains(command->retryPolicy)) {
                    return refuse(line, QStringLiteral("command %1 names the unknown policy '%2'")
                                            .arg(command->name, command->retryPolicy));
                }
            } else if (const auto* const send = std::get_if<SendAction>(&action)) {
                if (!isWorkflowId(send->id) || !isEventName(send->event) || send->delayMs < 0
                    || (!send->from.isEmpty() && !isFactName(send->from))) {
                    return refuse(line, QStringLiteral("timer '%1' needs an id, an event and a delay").arg(send->id));
                }
            } else if (const auto& cancel = std::get<CancelAction>(action); !m_sends.contains(cancel.sendId)) {
                return refuse(line, QStringLiteral("cancel names the unknown timer '%1'").arg(cancel.sendId));
            }
        }
        return {};
    }

    const WorkflowDefinition& m_definition;
    QSet<QString> m_states;
    QSet<QString> m_policies;
    QSet<QString> m_sends;
};

bool isWordCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'_' || c == u'-';
}

} // namespace

bool isEventName(QStringView event)
{
    if (event.isEmpty() || event.size() > eventLengthMax) {
        return false;
    }
    const auto words = event.split(u'.');
    return std::all_of(words.begin(), words.end(), [](QStringView word) {
        return !word.isEmpty() && std::all_of(word.begin(), word.end(), isWordCharacter);
    });
}

bool isEventDescriptor(QStringView descriptor)
{
    return descriptor == u"*" || isEventName(descriptor.endsWith(u".*") ? descriptor.chopped(2) : descriptor);
}

bool isWorkflowId(QStringView id)
{
    return isEventName(id) && id.front() != u'-' && !(id.front() >= u'0' && id.front() <= u'9');
}

Result<void> checkDefinition(const WorkflowDefinition& definition)
{
    return Checker(definition).check();
}

} // namespace counterfoil
