// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/definition/workflow_definition.h"

namespace counterfoil {

inline constexpr std::size_t workflowStatesMax = 500;

/// Whether `event` is a plain event name: words of letters, digits, `_` and `-`, joined by dots; at most 100 characters.
bool isEventName(QStringView event);

/// Whether `descriptor` is `*`, an event name, or an event name followed by `.*`.
bool isEventDescriptor(QStringView descriptor);

/// Whether `id` may name a state, a timer, a policy, a command or a role: an event name that doesn't begin with a digit or `-`.
bool isWorkflowId(QStringView id);

/// Checks that the parts of a definition fit together, so that it can be executed at all: unique ids, known targets,
/// an initial state, guards that parse, timers and policies that exist. Whether it is wise to publish it is another matter.
/// Errors: WorkflowInvalid with line and reason, of the first in document order.
Result<void> checkDefinition(const WorkflowDefinition& definition);

} // namespace counterfoil
