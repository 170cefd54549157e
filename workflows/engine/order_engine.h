// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/unit_of_work.h"
#include "workflows/engine/order_commands.h"
#include "workflows/engine/step.h"
#include "workflows/engine/workflow_catalog.h"

namespace counterfoil {

/// Takes orders through their workflows. Has no state of its own: all of it is rows of the unit of work, whose orders are locked.
/// May be shared between threads.
class OrderEngine {
public:
    OrderEngine(const WorkflowCatalog& catalog, const OrderCommands& commands) : m_catalog(catalog), m_commands(commands) {}

    /// Puts a new order (already added to the unit of work) on the newest revision of its workflow and enters the initial state; runs
    /// what follows from that. Errors: NotFound (no published revision), and those of the commands.
    Result<void> start(UnitOfWork& work, OrderId order, const QString& actor) const;

    /// Applies an event and what follows from it (20-engine): drops it if its key was applied before, steps, runs the commands, writes
    /// the timeline, timers and audit. An event that the state doesn't accept is recorded as such (news of a
    /// refund as noted) and is no error; returns the
    /// outcome of the given event. Errors: Integrity, AmountOverflow (a guard), and those of the commands; the caller falls back.
    Result<EventOutcome> apply(UnitOfWork& work, OrderId order, const OrderEventInput& event) const;

    /// Applies follow-ups one by one.
    Result<void> applyAll(UnitOfWork& work, OrderId order, const FollowUps& events) const;

    /// True if a timer's payload speaks of the present life of the order's state.
    static bool isTimerCurrent(const Order& order, const QString& payload);
    static QString timerEvent(const QString& payload);

private:
    Result<EventOutcome> applyOne(UnitOfWork& work, OrderId order, const OrderEventInput& event, FollowUps& following) const;
    Result<void> enter(UnitOfWork& work, OrderId order, const StepResult& step, const OrderEventInput& event, FollowUps& following) const;
    Result<void> armTimers(UnitOfWork& work, const Order& order, const StepResult& step) const;

    const WorkflowCatalog& m_catalog;
    const OrderCommands& m_commands;
};

} // namespace counterfoil
