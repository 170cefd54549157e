// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/workflow_table.h"

#include "workflows/definition/definition_check.h"

#include <algorithm>

namespace counterfoil {

struct WorkflowTable::Compiled {
    WorkflowDefinition definition;
    std::vector<std::pair<QString, std::size_t>> byId; // sorted
    std::vector<std::vector<Transition>> transitions;  // by state
    std::size_t initial = 0;

    std::optional<std::size_t> indexOf(QStringView state) const
    {
        const auto place = std::lower_bound(byId.begin(), byId.end(), state, [](const auto& entry, QStringView wanted) {
            return QStringView(entry.first) < wanted;
        });
        return place != byId.end() && place->first == state ? std::optional(place->second) : std::nullopt;
    }
};

bool WorkflowTable::Transition::matches(QStringView event) const
{
    return any || (event.startsWith(prefix) && (event.size() == prefix.size() || event[prefix.size()] == u'.'));
}

WorkflowTable::WorkflowTable(std::shared_ptr<const Compiled> compiled) : m_compiled(std::move(compiled)) {}

Result<WorkflowTable> WorkflowTable::compile(WorkflowDefinition definition)
{
    CF_TRY(checkDefinition(definition));
    const auto compiled = std::make_shared<Compiled>();
    for (std::size_t index = 0; index < definition.states.size(); ++index) {
        compiled->byId.emplace_back(definition.states[index].id, index);
    }
    std::sort(compiled->byId.begin(), compiled->byId.end());
    compiled->initial = compiled->indexOf(definition.initial).value();
    for (const StateDefinition& state : definition.states) {
        std::vector<Transition>& row = compiled->transitions.emplace_back();
        for (const TransitionDefinition& source : state.transitions) {
            Transition& transition = row.emplace_back();
            transition.any = source.event == u"*";
            transition.prefix = source.event.endsWith(u".*") ? source.event.chopped(2) : source.event;
            transition.target = compiled->indexOf(source.target).value();
            if (!source.guard.isEmpty()) {
                CF_ASSIGN(transition.guard, Guard::parse(source.guard, definition.data));
            }
        }
    }
    compiled->definition = std::move(definition);
    return WorkflowTable(compiled);
}

const WorkflowDefinition& WorkflowTable::definition() const
{
    return m_compiled->definition;
}

std::optional<std::size_t> WorkflowTable::indexOf(QStringView state) const
{
    return m_compiled->indexOf(state);
}

std::size_t WorkflowTable::initialIndex() const
{
    return m_compiled->initial;
}

const StateDefinition& WorkflowTable::stateAt(std::size_t index) const
{
    require(index < stateCount(), "state index is in the table");
    return definition().states[index];
}

const std::vector<WorkflowTable::Transition>& WorkflowTable::transitionsAt(std::size_t index) const
{
    require(index < stateCount(), "state index is in the table");
    return m_compiled->transitions[index];
}

const StateDefinition* WorkflowTable::findState(QStringView state) const
{
    const auto index = indexOf(state);
    return index ? &stateAt(*index) : nullptr;
}

const PolicyDefinition* WorkflowTable::findPolicy(QStringView policy) const
{
    const auto& policies = definition().policies;
    const auto found = std::find_if(policies.begin(), policies.end(),
                                    [&](const PolicyDefinition& entry) { return entry.name == policy; });
    return found != policies.end() ? &*found : nullptr;
}

QStringList WorkflowTable::eventsAccepted(QStringView state) const
{
    QStringList events;
    if (const StateDefinition* const found = findState(state)) {
        for (const TransitionDefinition& transition : found->transitions) {
            events.append(transition.event);
        }
        events.removeDuplicates();
    }
    return events;
}

QStringList WorkflowTable::factNames() const
{
    QStringList names;
    for (const DataDeclaration& entry : definition().data) {
        names.append(entry.name);
    }
    return names;
}

} // namespace counterfoil
