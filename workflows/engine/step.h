// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/engine/workflow_table.h"

namespace counterfoil {

/// What the caller has to do in its transaction: first disarm `timersToCancel`, then arm `timersToArm`, and run `commands`
/// in order (exit actions, then the transition's, then entry actions).
struct StepResult {
    bool accepted = false;
    QString nextState;
    std::vector<CommandAction> commands;
    std::vector<SendAction> timersToArm;
    std::vector<QString> timersToCancel; ///< SendAction::id, once each
    /// Which transition of the state that was left; none for start() and for an event that was not accepted.
    std::optional<std::size_t> transition;

    friend bool operator==(const StepResult&, const StepResult&) = default;
};

/// Enters the initial state. No guard stands before it, so the facts play no part and it always succeeds; it has the shape
/// of step() so that both are applied in the same way.
Result<StepResult> start(const WorkflowTable& table, const Facts& facts);

/// The step of an order in `state` at `event` (20-engine, "One step of an order"). A pure function. Takes the first
/// transition in document order that matches the event and whose guard holds, leaves the state and enters the target, even
/// if it is the same. Without such a transition: not accepted, nextState = state, and nothing to do.
/// Errors: NotFound (no such state), AmountOverflow or Integrity (from a guard).
Result<StepResult> step(const WorkflowTable& table, QStringView state, QStringView event, const Facts& facts);

} // namespace counterfoil
