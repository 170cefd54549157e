// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/definition/guard.h"
#include "workflows/definition/workflow_definition.h"

#include <memory>
#include <optional>

namespace counterfoil {

/// One published revision, compiled: states by index, guards parsed, events ready to match. Immutable; copies share, and
/// threads may use it at once. A StateDefinition& or pointer from it lives as long as any copy.
class WorkflowTable {
public:
    struct Transition {
        QString prefix;        ///< the event without `.*`; empty for `*`
        bool any = false;      ///< `*`
        std::size_t target = 0;
        std::optional<Guard> guard;

        /// SCXML 3.12.1: equal, or a prefix that ends at a dot of the event.
        bool matches(QStringView event) const;
    };

    /// Errors: WorkflowInvalid (see checkDefinition).
    static Result<WorkflowTable> compile(WorkflowDefinition definition);

    const WorkflowDefinition& definition() const;
    const QString& name() const { return definition().name; }

    std::optional<std::size_t> indexOf(QStringView state) const;
    std::size_t stateCount() const { return definition().states.size(); }
    std::size_t initialIndex() const;
    /// Requires index < stateCount(). Kind, money class, label, lane, transitions with labels and roles.
    const StateDefinition& stateAt(std::size_t index) const;
    /// Parallel to stateAt(index).transitions.
    const std::vector<Transition>& transitionsAt(std::size_t index) const;

    /// Null if there is no such state.
    const StateDefinition* findState(QStringView state) const;
    const StateDefinition& initialState() const { return stateAt(initialIndex()); }
    /// Null if there is no such policy.
    const PolicyDefinition* findPolicy(QStringView policy) const;

    /// The event descriptors of the state's transitions in document order, once each; none for an unknown state.
    QStringList eventsAccepted(QStringView state) const;
    /// The declared facts in document order.
    QStringList factNames() const;

private:
    struct Compiled;
    explicit WorkflowTable(std::shared_ptr<const Compiled> compiled);
    std::shared_ptr<const Compiled> m_compiled;
};

} // namespace counterfoil
